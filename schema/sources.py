"""Records that are read in part: of what types they are the objects."""

from collections.abc import Mapping
from typing import Final

from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord, PaymentRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.schedule import InstalmentRecord
from connectors.record import Record

SOURCES: Final[Mapping[str, type[Record]]] = {
    "Allocation": AllocationRecord,
    "Contract": ContractRecord,
    "Instalment": InstalmentRecord,
    "Invoice": InvoiceRecord,
    "InvoiceLine": InvoiceLineRecord,
    "Payment": PaymentRecord,
}
