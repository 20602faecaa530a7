"""What all parts of the ERP port have in common: batch reads, each aligned to its keys.

Every `<things>_by_<key>` takes all keys of one level of a query and answers with a list of the same
length: the record, None where there is none, or a MalformedRecord in the place of one that can't be read.
Lists come as a Page in keyset order (newest first unless said otherwise). Every method may raise an
UpstreamError, which then concerns the whole batch.

The parts are in `connectors.erp.ports`. Each may be another system's: an id is a key within its part only,
and from part to part go business keys, the numbers of clients, contracts, policies and invoices.
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias, TypeVar

from connectors.batch import Page
from connectors.errors import MalformedRecord
from connectors.record import Record

R = TypeVar("R", bound=Record)

Found: TypeAlias = list[R | MalformedRecord | None]
Pages: TypeAlias = list[Page[R | MalformedRecord]]
Keys: TypeAlias = Sequence[str]

ALL: Final = "*"
"""The only key of `all_<things>`: lists over every client, for whoever may see every client."""


class ErpPart(Protocol):
    """A part of an ERP, or a whole one. `system` is its name in errors and in `source`."""

    system: str

    async def health(self) -> None:
        """Answers when the system does, else raises an UpstreamError."""
