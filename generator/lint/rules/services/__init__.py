"""The hub's services and roles."""
