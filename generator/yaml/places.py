"""Where every key and value of a YAML text is."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from generator.diagnostics import Pointer, Span
from generator.records import record

# Line and column of a beginning and of an end, as in a Span.
Extent = tuple[int, int, int, int]
# The parser's marks of a beginning and an end; between them, where the last part of it begins.
Marks = tuple[Any, ...]


class Spans(Mapping[Pointer, Span]):
    """Places by pointer; one is worked out when it is asked for, for most are never looked at."""

    def __init__(
        self, file: str, marks: Mapping[Pointer, Marks], extent: Callable[[Marks], Extent]
    ) -> None:
        self._file, self._marks, self._extent = file, marks, extent

    def __getitem__(self, pointer: Pointer) -> Span:
        return span_of(self._file, self._extent(self._marks[pointer]))

    def __contains__(self, pointer: object) -> bool:
        return pointer in self._marks

    def __iter__(self) -> Iterator[Pointer]:
        return iter(self._marks)

    def __len__(self) -> int:
        return len(self._marks)


def span_of(file: str, place: Extent) -> Span:
    """The Span of a place."""
    line, column, end_line, end_column = place
    return Span(file=file, line=line, column=column, end_line=end_line, end_column=end_column)


@record
class SourceMap:
    """The place of every key and value of one file."""

    file: str
    keys: Mapping[Pointer, Span]
    values: Mapping[Pointer, Span]

    def span(self, pointer: Pointer, *, on_key: bool = False) -> Span:
        """The place of a pointer, or of its nearest parent that is in the file."""
        while True:
            span = self.keys.get(pointer) if on_key else None
            span = span or self.values.get(pointer)
            if span is not None:
                return span
            if not pointer:
                return Span(file=self.file, line=1, column=1, end_line=1, end_column=1)
            pointer, on_key = pointer[:-1], True
