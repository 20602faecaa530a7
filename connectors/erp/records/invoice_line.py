"""The lines of an invoice."""

from decimal import Decimal

from connectors.record import Record


class InvoiceLineRecord(Record, frozen=True):
    """One line. `vat_rate` is in percent; None: exempt or outside of VAT. `unit_net` is a net price."""

    always = frozenset({"client_number", "invoice_id"})

    id: str
    client_number: str
    invoice_id: str
    number: int
    name: str
    quantity: Decimal
    unit: str | None
    currency: str
    unit_net: Decimal
    vat_rate: Decimal | None
    net: Decimal
