"""Where the benchmark works: in memory where there is room, to compare programs and not disks.

What generating costs on the disk itself is measured beside it. Nothing is deleted before the end:
ext4 looks for minutes over every inode that was let go of before it takes a new one, so that after
deleting 7,000 files making them again takes three times as long.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

MEMORY = Path("/dev/shm")  # a file system in memory, on Linux
# What a whole run leaves lying, with some to spare.
ROOM = 4 * 2**30


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The folder of all cases, and one on a disk; None where the first is on a disk itself."""

    working: Path
    disk: Path | None

    @property
    def told(self) -> str:
        """Where it worked, as people read it."""
        return "memory (tmpfs)" if self.disk else "disk"


@contextmanager
def made(memory: Path = MEMORY, room: int = ROOM) -> Iterator[Places]:
    """New folders, deleted when all is done."""
    with ExitStack() as stack:
        on_disk = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="hubops-bench-")))
        if not _has_room(memory, room):
            yield Places(working=on_disk, disk=None)
            return
        in_memory = tempfile.TemporaryDirectory(prefix="hubops-bench-", dir=memory)
        yield Places(working=Path(stack.enter_context(in_memory)), disk=on_disk)


def set_aside(folder: Path, name: str) -> None:
    """Moves what a run made out of the way of the next one."""
    if (folder / name).exists():
        before = folder / ".before"
        before.mkdir(exist_ok=True)
        (folder / name).rename(before / f"{sum(1 for _ in before.iterdir())}-{name}")


def _has_room(folder: Path, room: int) -> bool:
    return os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= room
