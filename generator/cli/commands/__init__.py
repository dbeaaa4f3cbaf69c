"""The commands: plain functions, arguments in, exit code out; one file each."""
