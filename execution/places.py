"""Where the values of a level stand in the answer: paths are worked out only for those who ask.

Each step of a level knows its outer level and how its own positions follow from it; nothing is done for an
object until a resolver reads `info.path`. The two that every level has are structs, since these are made
in a quarter of the time.
"""

from collections.abc import Sequence
from typing import Any, Protocol

import msgspec
from graphql.pyutils import Path


class Place(Protocol):
    """Positions of one level."""

    def path(self, index: int) -> Path | None:
        """The path of the value at this position; None at the root."""
        ...


class Root:
    """The root of the answer."""

    def path(self, _index: int) -> Path | None:
        """None: nothing is above it."""
        return None


class Column(msgspec.Struct, gc=False):
    """One field of all objects of a level."""

    outer: Any  # a Place
    key: str
    type_name: str

    def path(self, index: int) -> Path:
        """The field's path."""
        return Path(self.outer.path(index), self.key, self.type_name)


class Items(msgspec.Struct, gc=False):
    """The items of the lists of a column, one after another; a size that isn't a number is no list."""

    outer: Any  # a Place
    sizes: Any  # in their order

    def path(self, index: int) -> Path:
        """The item's path."""
        for position, size in enumerate(self.sizes):
            if isinstance(size, int):
                if index < size:
                    return Path(self.outer.path(position), index, None)
                index -= size
        raise IndexError(index)


class Chosen:
    """Some positions of a level."""

    __slots__ = ("_outer", "_positions")

    def __init__(self, outer: Place, positions: Sequence[int]) -> None:
        self._outer = outer
        self._positions = positions

    def path(self, index: int) -> Path | None:
        """The path of the chosen one."""
        return self._outer.path(self._positions[index])
