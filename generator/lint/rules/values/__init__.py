"""What goes to a chart as it is written: raw values, configuration of a login, annotations."""
