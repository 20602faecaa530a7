"""The feed of changes: nothing is lost, and nothing told again and again."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from connectors.erp.changes import Change
from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.tryton import TrytonErp
from connectors.http import UpstreamClient
from tests.harness.person import Person
from tests.harness.processes import Sandbox
from tests.harness.streams import open_socket
from tests.harness.tryton import Tryton, why_not
from tests.tryton.conftest import TIMEOUT, gateway_over

PAY = """
(invoice,) = Model.get("account.invoice").find([("number", "=", "{number}")])
(method,) = Model.get("account.invoice.payment.method").find([])
wizard = invoice.click("pay")
wizard.form.amount, wizard.form.payment_method = Decimal("{amount}"), method
wizard.form.date = dt.date(2026, 11, 21)
wizard.execute("choice")
if wizard.state != "end":
    wizard.execute("pay")
"""


@pytest.fixture(scope="module")
def living(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tryton]:
    """A Tryton in which accountants work meanwhile."""
    if why := why_not():
        pytest.skip(why)
    running = Tryton(tmp_path_factory.mktemp("living"))
    yield running
    running.close()


async def all_changes(erp: TrytonErp, after: int, limit: int) -> tuple[list[Change], int]:
    """Page by page until there are none."""
    found: list[Change] = []
    while True:
        changes = await erp.changes(after, limit)
        assert not changes.begun_anew
        assert changes.next >= after
        assert len(changes.items) <= limit
        if not changes.items:
            return found, changes.next
        found += changes.items
        after = changes.next


async def test_feed(living: Tryton) -> None:
    http = UpstreamClient("books", living.url, api_key=living.key, timeout=TIMEOUT)
    erp = TrytonErp(http)
    try:
        # Most invoices were posted in one transaction, and so bear one moment: more than a page of them.
        found, position = await all_changes(erp, 0, 25)
        invoices = [each.id for each in found if each.collection == "invoices"]
        assert len(invoices) == len(set(invoices))
        assert len([each for each in found if each.client_number == "0010004"]) >= 60
        assert Change("clients", "0010005", "0010005") in found
        assert (await erp.changes(position, 25)).items == ()

        (page,) = await erp.invoices_by_client(["0010001"], InvoiceFilter(), Slice(10))
        open_one = next(
            each for each in page.items if isinstance(each, InvoiceRecord) and each.amount_due == 1460
        )
        living.run(PAY.format(number=open_one.number, amount="1460.00"))
        told, later = await all_changes(erp, position, 25)
        assert Change("invoices", open_one.id, "0010001") in told
        assert later > position
        (paid,) = await erp.invoices_by_id([open_one.id])
        assert isinstance(paid, InvoiceRecord)
        assert [paid.amount_due, paid.settled_amount] == [Decimal(0), Decimal(2460)]
        assert (await erp.changes(later, 25)).items == ()

        # Another connector, as after a restart, hears of it anew where it was, and then no more.
        again, _ = await all_changes(TrytonErp(http), later, 25)
        assert Change("invoices", open_one.id, "0010001") in again
        assert (await erp.changes(later + 10**15, 25)).begun_anew
    finally:
        await http.close()


async def test_open_streams_hear_of_a_payment(
    living: Tryton, backoffice: Sandbox, tmp_path_factory: pytest.TempPathFactory
) -> None:
    gateway = gateway_over(tmp_path_factory.mktemp("followed"), backoffice, living)
    query = """{ client(number: "0010002") { invoices(filter: {statuses: [OVERDUE]}) { nodes {
      number amountDue { amount } } } } }"""
    try:
        with Person(gateway, backoffice) as person:
            person.enter("0010002")
            (overdue,) = person.data(query)["client"]["invoices"]["nodes"]
            async with open_socket(gateway.url, person) as socket:
                await socket.initialise()
                await socket.subscribe("subscription { invoiceChanged { number amountDue { amount } } }")
                one = PAY.format(number=overdue["number"], amount="1.00")
                told = await socket.event(lambda: living.run(one))
                while told["data"]["invoiceChanged"]["number"] != overdue["number"] or (
                    told["data"]["invoiceChanged"] == overdue
                ):  # what the feed tells to whoever begins at its beginning
                    told = (await socket.receive())["payload"]
    finally:
        assert gateway.process.stop() == 0
    due = Decimal(told["data"]["invoiceChanged"]["amountDue"]["amount"])
    assert due < Decimal(overdue["amountDue"]["amount"])
