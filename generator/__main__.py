"""`python -m generator` is the command `hubops`."""

from generator.cli.entry import main

if __name__ == "__main__":
    main()
