"""Lists that RestErp reads page by page: nothing twice, nothing left out, counted as they are listed."""

from datetime import date
from typing import Any

import pytest

from connectors.erp.queries import ContractFilter, InvoiceFilter, Slice
from connectors.erp.records.contract import ContractKind, ContractStatus
from connectors.erp.records.invoice import InvoiceKind, InvoiceRecord
from connectors.erp.rest import RestErp
from connectors.errors import MalformedRecord

ALL = Slice(1000)


@pytest.mark.parametrize(
    ("method", "arguments"),
    [
        ("contracts_by_client", (ContractFilter(),)),
        ("invoices_by_client", (InvoiceFilter(),)),
        ("payments_by_client", ()),
        ("service_requests_by_client", ()),
    ],
)
async def test_paging_to_the_end(method: str, arguments: tuple[Any, ...], erp: RestErp) -> None:
    """No item twice, none left out, and the same order as in one page."""
    ask = getattr(erp, method)
    for client in ("0010001", "0010010", "0010013"):
        (whole,) = await ask([client], *arguments, ALL)
        assert not whole.has_next
        seen: list[Any] = []
        after = None
        while True:
            (page,) = await ask([client], *arguments, Slice(2, after))
            seen += page.items
            if not page.has_next:
                break
            assert len(page.items) == 2
            assert page.next is not None
            after = page.next
        assert seen == list(whole.items)


async def test_paging_through_a_fleet(erp: RestErp) -> None:
    seen: list[str] = []
    after = None
    while True:
        (page,) = await erp.invoices_by_client(["0010008"], InvoiceFilter(), Slice(1000, after))
        seen += [item.id for item in page.items if isinstance(item, InvoiceRecord)]
        if not page.has_next:
            break
        after = page.next
    assert len(set(seen)) == len(seen) > 5000
    assert [len(seen)] == await erp.invoice_counts_by_client(["0010008"], InvoiceFilter())


async def test_filters_count_like_they_list(erp: RestErp) -> None:
    where = InvoiceFilter(
        issued_from=date(2026, 1, 1), due_to=date(2026, 10, 31), kinds=(InvoiceKind.INSTALMENT,)
    )
    (page,) = await erp.invoices_by_client(["0010010"], where, ALL)
    invoices = [item for item in page.items if isinstance(item, InvoiceRecord)]
    assert invoices
    assert await erp.invoice_counts_by_client(["0010010"], where) == [len(page.items)]
    for invoice in invoices:
        assert invoice.issue_date >= date(2026, 1, 1)
        assert invoice.due_date <= date(2026, 10, 31)
        assert invoice.kind is InvoiceKind.INSTALMENT
    active = ContractFilter(statuses=(ContractStatus.ACTIVE,), kinds=(ContractKind.OPERATING_LEASE,))
    (contracts,) = await erp.contracts_by_client(["0010010"], active, ALL)
    assert {c.status for c in contracts.items if not isinstance(c, MalformedRecord)} <= {
        ContractStatus.ACTIVE
    }
    assert await erp.contract_counts_by_client(["0010010"], active) == [len(contracts.items)]
