"""Reports and changes -> text for people and programs; pure, one file per format."""
