"""The one loop over PyYAML's events; each reader says what it makes of keys and values.

Nothing recurses: libyaml's own composer overflows the stack on deep text.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import Any

import yaml
from yaml import CollectionEndEvent, CollectionStartEvent, MappingStartEvent, NodeEvent

from generator.diagnostics import Pointer


def events(text: str) -> Iterator[Any]:
    """The events of a text, from libyaml's parser where PyYAML has it; raises `yaml.YAMLError`."""
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    return iter(loader.get_event, None)  # what `yaml.parse` does, and half as long


class Open:
    """A collection whose end is not read yet.

    In a map, `key` is the one whose value comes next, and `below` that value's pointer. `begin` is
    what the reader has to know again at the end.
    """

    __slots__ = ("begin", "below", "content", "is_map", "key", "pointer")

    def __init__(self, pointer: Pointer, event: Any, begin: Any = None) -> None:
        self.pointer, self.begin = pointer, begin
        self.is_map = isinstance(event, MappingStartEvent)
        self.content: Any = {} if self.is_map else []
        self.key: str | None = None
        self.below: Pointer = ()

    def next(self) -> Pointer:
        """The pointer of the value that comes next."""
        return self.below if self.is_map else (*self.pointer, len(self.content))


class Walk(ABC):
    """One pass over a node; `parent` is the open collection that an event is in, None at the root.

    Every method may raise to stop the pass.
    """

    def __init__(self) -> None:
        self.stack: list[Open] = []

    def node(self, rest: Iterator[Any]) -> bool:
        """Reads one node and leaves the events behind it; whether there was one."""
        stack, key, leaf = self.stack, self.key, self.leaf
        parent: Open | None = None
        for event in rest:
            if isinstance(event, NodeEvent):
                if parent is not None and parent.is_map and parent.key is None:
                    key(event, parent)
                elif isinstance(event, CollectionStartEvent):
                    parent = self.begin(event, parent)
                    stack.append(parent)
                else:
                    leaf(event, parent)
                    if parent is None:
                        return True
            elif isinstance(event, CollectionEndEvent):
                self.end(event, stack.pop())
                if not stack:
                    return True
                parent = stack[-1]
        return False

    @abstractmethod
    def key(self, event: Any, parent: Open) -> None:
        """Sets the parent's `key` (and `below`) from the event of a key."""

    @abstractmethod
    def begin(self, event: Any, parent: Open | None) -> Open:
        """The collection that begins here."""

    @abstractmethod
    def leaf(self, event: Any, parent: Open | None) -> None:
        """Takes in a scalar or an alias, and clears the parent's `key`."""

    @abstractmethod
    def end(self, event: Any, ended: Open) -> None:
        """Takes in a collection that ends here; the stack holds what is still open."""
