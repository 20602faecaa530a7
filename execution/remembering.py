"""A bounded memory: what was used last is kept."""

from collections import OrderedDict
from collections.abc import Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, as long as there are no more than `most` and they weigh no more than `most_weight`.

    One value is always remembered, whatever it weighs. What is kept weighs nothing and is never forgotten.
    """

    def __init__(self, most: int, most_weight: int) -> None:
        self._most = most
        self._most_weight = most_weight
        self._known: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._kept: dict[K, V] = {}
        self._weight = 0

    def __len__(self) -> int:
        return len(self._known) + len(self._kept)

    def get(self, key: K) -> V | None:
        """The value, if it is remembered."""
        found = self._known.get(key)
        if found is None:
            return self._kept.get(key)
        self._known.move_to_end(key)
        return found[0]

    def keep(self, key: K, value: V) -> None:
        """Remembers a value for good."""
        self._kept[key] = value

    def put(self, key: K, value: V, weight: int) -> None:
        """Remembers a value under a key that has none, and forgets those that were longest not used."""
        self._known[key] = value, weight
        self._weight += weight
        while len(self._known) > self._most or (self._weight > self._most_weight and len(self._known) > 1):
            _, (_, less) = self._known.popitem(last=False)
            self._weight -= less
