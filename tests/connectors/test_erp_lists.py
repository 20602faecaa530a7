"""A list of thousands, page by page: nothing twice, nothing left out."""

from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.invoice import InvoiceRecord
from connectors.erp.rest import RestErp


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
