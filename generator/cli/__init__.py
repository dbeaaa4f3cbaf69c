"""The command line: one file a command; only here is click known."""
