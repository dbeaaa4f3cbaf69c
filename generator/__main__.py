"""`python -m generator` is the command `hubops`."""

from generator.entry import main

if __name__ == "__main__":
    main()
