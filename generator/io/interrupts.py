"""Putting an interrupt off, so that none falls between something and its owner."""

import contextlib
from collections.abc import Iterator


@contextlib.contextmanager
def put_off() -> Iterator[None]:
    """Nothing interrupts what is done within; what comes meanwhile does so at its end."""
    import signal  # it takes a millisecond to load, which runs without it save

    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
