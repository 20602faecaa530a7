"""The feed of changes: nothing is lost, and nothing told again and again."""

from connectors.erp.changes import Change
from connectors.erp.tryton import TrytonErp

MANY = 30
"""Invoices of the busy client, as the seed has them: more than a page."""


async def test_many_changes_of_one_moment(erp: TrytonErp) -> None:
    """Most invoices were posted in one transaction, and so bear one moment: more than a page of them."""
    found: list[Change] = []
    position = 0
    while (page := await erp.changes(position, 25)).items:
        assert not page.begun_anew
        assert page.next >= position
        assert len(page.items) <= 25
        position, found = page.next, [*found, *page.items]
    invoices = [each.id for each in found if each.collection == "invoices"]
    assert len(invoices) == len(set(invoices))
    assert len([each for each in found if each.client_number == "0010004"]) > MANY
    assert Change("clients", "0010005", "0010005") in found
    assert (await erp.changes(position, 25)).items == ()
