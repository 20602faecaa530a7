"""The ERP's feed of changes: what was written, without saying how."""

import msgspec


class Change(msgspec.Struct, frozen=True, rename="camel"):
    """A record that was written: a hint to read it again.

    `collection` as in the REST contract (`invoices`, `requests` …), `id` as there; `client_number` None where
    the record is no client's.
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
