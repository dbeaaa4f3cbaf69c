"""A secret value on its way from a person to its ciphertext.

Printed, formatted, logged or compared it tells nothing, not even its length, and it can be neither
copied nor pickled. Only `reveal` gives the bytes. What stays in memory is not promised.
"""

from typing import NoReturn, final

HIDDEN = "<a secret value>"


@final
class Plaintext:
    """Bytes that only `reveal` gives."""

    __slots__ = ("__reveal",)

    def __init__(self, value: bytes) -> None:
        # A closure: whatever lists the attributes of an object shows no value.
        def reveal() -> bytes:
            return value

        self.__reveal = reveal

    def reveal(self) -> bytes:
        """The value itself; for the encryption, and for checks that repeat none of it."""
        return self.__reveal()

    def __repr__(self) -> str:
        return HIDDEN

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return HIDDEN

    def __reduce_ex__(self, protocol: object) -> NoReturn:
        raise TypeError("a secret value is neither copied nor pickled")
