"""What an internal tool may read: by the type of record, the scope that covers it.

A type without a row is nobody's.
"""

from collections.abc import Mapping
from typing import Final

from connectors.documents.port import DocumentRecord
from connectors.erp.records.client import AccountRecord, BalanceRecord, ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord, PaymentRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.notification import NotificationRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.promotion import PromotionRecord
from connectors.erp.records.quote import QuoteRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.erp.records.settlement import ContractBalanceRecord, VirtualAccountRecord
from connectors.mail.port import MessageRecord
from connectors.record import Record

SCOPES: Final[Mapping[type[Record], str]] = {
    ClientRecord: "clients:read",
    PromotionRecord: "clients:read",
    AccountRecord: "users:read",
    ContractRecord: "contracts:read",
    ScheduleRecord: "contracts:read",
    InstalmentRecord: "contracts:read",
    PolicyRecord: "contracts:read",
    InvoiceRecord: "invoices:read",
    InvoiceLineRecord: "invoices:read",
    AllocationRecord: "payments:read",
    PaymentRecord: "payments:read",
    BalanceRecord: "payments:read",
    ContractBalanceRecord: "payments:read",
    VirtualAccountRecord: "payments:read",
    ServiceRequestRecord: "requests:read",
    QuoteRecord: "requests:read",
    DocumentRecord: "documents:read",
    MessageRecord: "messages:read",
    NotificationRecord: "messages:read",
}
