"""What every kind of chart repository gives."""

from collections.abc import Callable

from generator.records import record


@record
class Told:
    """Says how far a download is: what is fetched, and its bytes so far and in all (0: unknown)."""

    say: Callable[[str], None]

    def about(self, what: str) -> Callable[[int, int], None]:
        """The progress of one download."""

        def told(done: int, size: int) -> None:
            share = f" of {size / 1024:,.0f}" if size else ""
            self.say(f"{what}: {done / 1024:,.0f}{share} KB")

        return told


@record
class Fetched:
    """A packaged chart as it came, and the SHA-256 that the repository names for it, or ''."""

    content: bytes
    address: str
    told_sha256: str
