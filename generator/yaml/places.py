"""Where every key and value of a YAML text is."""

from collections.abc import Iterator, Mapping

from generator.diagnostics import Pointer, Span
from generator.records import record

# Line and column of a beginning and of an end, as in a Span.
Extent = tuple[int, int, int, int]


class Spans(Mapping[Pointer, Span]):
    """Places by pointer; a Span is made when one asks for it, for most are never looked at."""

    def __init__(self, file: str, places: Mapping[Pointer, Extent]) -> None:
        self._file = file
        self._places = places

    def __getitem__(self, pointer: Pointer) -> Span:
        return span_of(self._file, self._places[pointer])

    def __contains__(self, pointer: object) -> bool:
        return pointer in self._places

    def __iter__(self) -> Iterator[Pointer]:
        return iter(self._places)

    def __len__(self) -> int:
        return len(self._places)


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
