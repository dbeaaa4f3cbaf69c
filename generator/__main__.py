"""`python -m generator` is the command `hubops`."""

from generator.cli.main import main

if __name__ == "__main__":
    main()
