"""Where the command `hubops` begins, also as `python -m generator`."""

import gc

# A run needs its objects until its end: collecting garbage takes an eighth of the time, and some
# milliseconds while the libraries load.
gc.disable()

from generator.cli.main import main  # noqa: E402

if __name__ == "__main__":
    main()
