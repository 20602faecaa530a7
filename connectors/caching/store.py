"""The port of what keeps answers for all gateways: `gateway.cache` fills it."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol


class Held(NamedTuple):
    """What is kept under some names, and `now` by the store's clock, in milliseconds of the epoch.

    `generation` is that of some clients' data: it is another one for ever once any of them was emptied.
    """

    now: int
    generation: bytes
    values: list[bytes | None]


class AnswerStore(Protocol):
    """Raises nothing where it is away: then nothing is kept."""

    async def read(self, clients: Sequence[str], names: Sequence[str]) -> Held | None:
        """What is there, read at one moment; None where the store is away."""

    async def write(self, entries: Mapping[str, bytes], until: int) -> None:
        """Keeps values under their names until a moment of the store's clock.

        Each begins with the moment when it was asked for (`connectors.caching.entry`), and replaces none that
        was asked for later.
        """

    async def empty(self, clients: Collection[str] | None) -> None:
        """Begins another generation of these clients' data, or of everybody's.

        Should the store be away, it is done before anything is read here again.
        """
