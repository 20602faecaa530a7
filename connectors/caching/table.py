"""What may be answered from the cache. What isn't here is asked anew each time.

So are users (they are rights), quotes (a client agrees to their amounts), requests by idempotency key (a
submission relies on them), lists over all clients, and contents of documents.
"""

from collections.abc import Callable
from typing import Any, Final

from connectors.batch import Page
from connectors.documents.port import DocumentRecord
from connectors.erp.records.client import BalanceRecord, ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord, PaymentRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.notification import NotificationRecord
from connectors.erp.records.policy import PolicyRecord
from connectors.erp.records.promotion import PromotionRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.erp.records.settlement import ContractBalanceRecord, VirtualAccountRecord
from connectors.mail.port import MessageRecord

READS: Final[dict[str, dict[str, Any]]] = {
    "clients": {
        "clients_by_number": ClientRecord | None,
    },
    "contracts": {
        "contracts_by_id": ContractRecord | None,
        "contracts_by_number": ContractRecord | None,
        "contracts_by_client": Page[ContractRecord],
        "contract_counts_by_client": int,
        "schedules_by_id": ScheduleRecord | None,
        "schedules_by_contract": Page[ScheduleRecord],
        "instalments_by_schedule": Page[InstalmentRecord],
        "policies_by_id": PolicyRecord | None,
        "policies_by_number": PolicyRecord | None,
        "policies_by_contract": Page[PolicyRecord],
    },
    "books": {
        "invoices_by_id": InvoiceRecord | None,
        "invoices_by_number": InvoiceRecord | None,
        "invoices_by_client": Page[InvoiceRecord],
        "invoice_counts_by_client": int,
        "invoices_by_contract": Page[InvoiceRecord],
        "invoice_counts_by_contract": int,
        "corrections_by_invoice": Page[InvoiceRecord],
        "lines_by_invoice": Page[InvoiceLineRecord],
        "allocations_by_invoice": Page[AllocationRecord],
        "allocations_by_payment": Page[AllocationRecord],
        "payments_by_id": PaymentRecord | None,
        "payments_by_client": Page[PaymentRecord],
        "payment_counts_by_client": int,
        "balances_by_client": Page[BalanceRecord],
        "virtual_accounts_by_client": Page[VirtualAccountRecord],
        "contract_balances_by_contract": ContractBalanceRecord | None,
    },
    "requests": {
        "service_requests_by_id": ServiceRequestRecord | None,
        "service_requests_by_number": ServiceRequestRecord | None,
        "service_requests_by_client": Page[ServiceRequestRecord],
        "service_request_counts_by_client": int,
    },
    "promotions": {
        "promotions_by_client": Page[PromotionRecord],
    },
    "notifications": {
        "notifications_by_id": NotificationRecord | None,
        "notifications_by_client": Page[NotificationRecord],
        "notification_counts_by_client": int,
    },
    "documents": {
        "documents_by_owner": Page[DocumentRecord],
        "documents_by_id": DocumentRecord | None,
        "documents_by_client": Page[DocumentRecord],
        "document_counts_by_client": int,
    },
    "mail": {
        "messages_by_address": Page[MessageRecord],
        "message_counts_by_address": int,
        "messages_by_id": MessageRecord | None,
    },
}
"""The methods of each part, and what each answers for one key."""

AMOUNTS: Final = frozenset({*READS["books"], "instalments_by_schedule"})
"""Those that tell what is due or settled."""

Client = Callable[..., str]

WRITES: Final[dict[str, dict[str, Client]]] = {
    "requests": {
        "submit_service_request": lambda _key, submission: str(submission.client_number),
        "cancel_service_request": lambda _key, client_number, _by: str(client_number),
        "accept_service_request": lambda _key, client_number, _by: str(client_number),
    },
    "documents": {
        "put": lambda upload, _chunks: str(upload.client_number),
        "keep": lambda client_number, _ids: str(client_number),
    },
}
"""The methods of each part that write what READS may tell, and the number of the client concerned."""
