"""The feed of changes, made of when records were written.

A position is the moment, in microseconds since 1970, of the last change that was told. Transactions may end
in another order than they began, and many records bear the moment of one transaction: so each look goes back
by OVERLAP, and leaves out what it has told before. Who begins anew hears of the last minute twice.
"""

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from connectors.erp.changes import Change, Changes
from connectors.erp.tryton.invoice_finding import ISSUED
from connectors.erp.tryton.invoice_records import now
from connectors.erp.tryton.rows import Row, WrittenInvoice, WrittenParty, WrittenRow
from connectors.erp.tryton.service import Broken, Rows, Tryton
from connectors.erp.tryton.values import Domain, stamp

OVERLAP = timedelta(seconds=60)
"""A transaction that takes longer than this may be missed."""

INVOICES = Rows("account.invoice", "invoice", WrittenInvoice, Row)
PARTIES = Rows("party.party", "client", WrittenParty, Row)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


class _Told(NamedTuple):
    """A record as it was written at a moment."""

    at: int
    collection: str
    id: int


class TrytonChanges:
    """See `connectors.erp.changes.ChangeFeed`. Invoices are written when something settles them."""

    def __init__(self, tryton: Tryton) -> None:
        self._tryton = tryton
        self._told: set[_Told] = set()

    async def changes(self, after: int, limit: int) -> Changes:
        latest = _position(now() + OVERLAP)
        if after > latest:  # the position of another system, or of a clock that was wrong
            return Changes((), latest, begun_anew=True)
        back = max(0, after - OVERLAP // _MICROSECOND)
        self._told = {each for each in self._told if each.at > back}
        since = stamp(_EPOCH + back * _MICROSECOND)
        most = limit + len(self._told)
        written: Domain = [["write_date", ">", since]]
        made: Domain = [["write_date", "=", None], ["create_date", ">", since]]
        of_client: Domain = ["code", "!=", None]
        found: dict[_Told, str | None] = {}
        looks: tuple[tuple[Rows[Any], Domain, str], ...] = (
            (INVOICES, [*self._tryton.company, *ISSUED, *written], "write_date"),
            (PARTIES, [of_client, *written], "write_date"),
            (PARTIES, [of_client, *made], "create_date"),
        )
        for rows, domain, column in looks:
            order = [(column, "ASC"), ("id", "ASC")]
            for row in await self._tryton.read(rows, domain, order, most):
                if not isinstance(row, Broken) and (at := _written(row)) is not None:
                    collection = "invoices" if rows is INVOICES else "clients"
                    found[_Told(at, collection, row.id)] = _whose(row)
        # Whoever asks from an earlier position again hears again what was told from there on.
        before = {each for each in self._told if each.at <= after}
        new = sorted(found.keys() - before)[:limit]
        self._told.update(new)
        items = tuple(Change(each.collection, _known_by(each, found[each]), found[each]) for each in new)
        return Changes(items, max(after, new[-1].at) if new else after)


def _written(row: WrittenRow) -> int | None:
    at = row.write_date or row.create_date
    return None if at is None else _position(at.moment)


def _position(moment: datetime) -> int:
    return (moment - _EPOCH) // _MICROSECOND


def _whose(row: Any) -> str | None:
    number: str | None = row.code if isinstance(row, WrittenParty) else row.party.code
    return number


def _known_by(told: _Told, client_number: str | None) -> str:
    """A client is known by its number, an invoice by its id."""
    return client_number or "" if told.collection == "clients" else str(told.id)
