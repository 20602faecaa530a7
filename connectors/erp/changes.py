"""A system's feed of changes: what was written, without saying how."""

from typing import Final, Protocol

import msgspec

PART_OF: Final = {
    "clients": "clients",
    "accounts": "users",
    "contracts": "contracts",
    "schedules": "contracts",
    "policies": "contracts",
    "invoices": "books",
    "payments": "books",
    "allocations": "books",
    "requests": "requests",
    "promotions": "promotions",
    "notifications": "notifications",
}
"""The part that a collection of the feed belongs to: a change of it counts from that part's system only."""


class Change(msgspec.Struct, frozen=True, rename="camel"):
    """A record that was written: a hint to read it again.

    `collection` is one of PART_OF, or of no interest. `id` is what its system knows the record by, of an
    account its login. `client_number` is None where the record is no client's.
    """

    collection: str
    id: str
    client_number: str | None = None


class Changes(msgspec.Struct, frozen=True):
    """Some changes, oldest first, perhaps one record more than once; and the position behind them.

    `begun_anew`: the feed ends before the position that was asked for, as that of new data does.
    """

    items: tuple[Change, ...]
    next: int
    begun_anew: bool = False


class ChangeFeed(Protocol):
    """A system that tells of its changes."""

    system: str

    async def changes(self, after: int, limit: int) -> Changes:
        """At most `limit` changes behind a position, which begins at 0. Raises an UpstreamError.

        None is left out. Asked again from an earlier position, a feed that goes by times may begin with some
        that came just before it.
        """
