"""Where the values of a level stand in the answer: paths are worked out only for those who ask.

Each step of a level knows its outer level and how its own positions follow from it; nothing is done for an
object until a resolver reads `info.path`.
"""

from collections.abc import Sequence
from typing import Protocol

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


class Column:
    """One field of all objects of a level."""

    __slots__ = ("_key", "_outer", "_type_name")

    def __init__(self, outer: Place, key: str, type_name: str) -> None:
        self._outer = outer
        self._key = key
        self._type_name = type_name

    def path(self, index: int) -> Path:
        """The field's path."""
        return Path(self._outer.path(index), self._key, self._type_name)


class Items:
    """The items of the lists of a column, one after another; a size that isn't a number is no list."""

    __slots__ = ("_outer", "_sizes")

    def __init__(self, outer: Place, sizes: Sequence[object]) -> None:
        self._outer = outer
        self._sizes = sizes

    def path(self, index: int) -> Path:
        """The item's path."""
        for position, size in enumerate(self._sizes):
            if isinstance(size, int):
                if index < size:
                    return Path(self._outer.path(position), index, None)
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
