"""Rules of single use cases that no crawl of the graph runs into."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import msgspec
import pytest

from connectors.erp.queries import InvoiceFilter
from connectors.mail.port import MessageRecord
from resolvers.correspondence import messages_by_id
from resolvers.errors import InputError
from resolvers.invoice_finding import checked
from resolvers.viewer import Role, Viewer
from tests.harness.operations import office, operation

MOMENT = "2026-11-20T10:00:00Z"
MESSAGE = {
    "id": "1", "clientNumber": "0010001", "direction": "INBOUND", "subject": "", "sentAt": MOMENT,
    "asOf": MOMENT, "from": "a@example.com", "to": "b@example.com", "body": "", "attachments": [],
}  # fmt: skip


class Archive:
    """Holds one message of the viewer's client and one that names none."""

    async def messages_by_id(self, ids: Sequence[str]) -> list[Any]:
        kept = {"1": MESSAGE, "2": {**MESSAGE, "id": "2", "clientNumber": None}}
        return [msgspec.convert(kept[key], MessageRecord) for key in ids]


async def test_a_message_that_names_no_client_is_nobodys_by_id() -> None:
    """Anybody could make up its id; through its client it is reached by the address."""
    viewer = Viewer("0010001", "Anna", Role.OWNER, frozenset({"0010001"}))
    found = await messages_by_id.load_each(operation(viewer, office(mail=Archive())), ["1", "2"])
    assert [message is None for message in found] == [False, True]


def test_a_span_may_be_one_day() -> None:
    day, before = date(2026, 11, 22), date(2026, 11, 21)
    checked(InvoiceFilter(issued_from=day, issued_to=day, due_from=day, due_to=day))
    for wrong in (
        InvoiceFilter(issued_from=day, issued_to=before),
        InvoiceFilter(due_from=day, due_to=before),
    ):
        with pytest.raises(InputError, match="must not be after"):
            checked(wrong)
