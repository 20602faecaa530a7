"""The ERP port: batch reads, each aligned to its keys.

Every `<things>_by_<key>` takes all keys of one level of a query and answers with a list of the same
length: the record, None where there is none, or a MalformedRecord in the place of one that can't be read.
Lists come as a Page in keyset order (newest first unless said otherwise). Every method may raise an
UpstreamError, which then concerns the whole batch.
"""

from collections.abc import Sequence
from typing import Final, Protocol, TypeAlias, TypeVar

from connectors.batch import Page
from connectors.erp.account_port import AccountPort
from connectors.erp.changes import Changes
from connectors.erp.queries import ClientFilter, ContractFilter, InvoiceFilter, NotificationFilter, Slice
from connectors.erp.records.client import BalanceRecord, ClientRecord
from connectors.erp.records.contract import ContractRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord, PaymentRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.notification import NotificationRecord
from connectors.erp.records.promotion import PromotionRecord
from connectors.erp.records.request import ServiceRequestRecord
from connectors.erp.records.schedule import InstalmentRecord, ScheduleRecord
from connectors.erp.records.settlement import ContractBalanceRecord, VirtualAccountRecord
from connectors.erp.request_port import RequestPort
from connectors.errors import MalformedRecord
from connectors.record import Record

R = TypeVar("R", bound=Record)

Found: TypeAlias = list[R | MalformedRecord | None]
Pages: TypeAlias = list[Page[R | MalformedRecord]]
Keys: TypeAlias = Sequence[str]

ALL: Final = "*"
"""The only key of `all_<things>`: lists over every client, for whoever may see every client."""


class ErpPort(RequestPort, AccountPort, Protocol):
    """An ERP, whichever it is. `system` is its name in errors and in `source`."""

    system: str

    async def changes(self, after: int, limit: int) -> Changes:
        """At most `limit` changes behind a position of the ERP's feed, which begins at 0."""

    async def clients_by_number(self, numbers: Keys) -> Found[ClientRecord]:
        """Clients by client number."""

    async def all_clients(self, keys: Keys, where: ClientFilter, part: Slice) -> Pages[ClientRecord]:
        """Clients by client number."""

    async def all_client_counts(self, keys: Keys, where: ClientFilter) -> list[int]:
        """How many clients meet the conditions."""

    async def balances_by_client(self, numbers: Keys) -> Pages[BalanceRecord]:
        """All balances of each client, one per currency, by currency."""

    async def virtual_accounts_by_client(self, numbers: Keys) -> Pages[VirtualAccountRecord]:
        """All virtual accounts of each client, one per currency, by currency."""

    async def contract_balances_by_contract(self, ids: Keys) -> Found[ContractBalanceRecord]:
        """What is due on each contract."""

    async def contracts_by_id(self, ids: Keys) -> Found[ContractRecord]:
        """Contracts by the ERP's id."""

    async def contracts_by_number(self, numbers: Keys) -> Found[ContractRecord]:
        """Contracts by contract number."""

    async def contracts_by_client(
        self, numbers: Keys, where: ContractFilter, part: Slice
    ) -> Pages[ContractRecord]:
        """Contracts of each client, by start date and id, newest first."""

    async def contract_counts_by_client(self, numbers: Keys, where: ContractFilter) -> list[int]:
        """How many contracts of each client meet the conditions."""

    async def all_contracts(self, keys: Keys, where: ContractFilter, part: Slice) -> Pages[ContractRecord]:
        """Contracts of all clients, by start date and id, newest first."""

    async def all_contract_counts(self, keys: Keys, where: ContractFilter) -> list[int]:
        """How many contracts of all clients meet the conditions."""

    async def invoices_by_id(self, ids: Keys) -> Found[InvoiceRecord]:
        """Invoices by the ERP's id."""

    async def invoices_by_number(self, numbers: Keys) -> Found[InvoiceRecord]:
        """Invoices by invoice number."""

    async def invoices_by_client(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        """Invoices of each client, by issue date and id, newest first."""

    async def invoices_by_contract(
        self, ids: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        """Invoices of each contract, by issue date and id, newest first."""

    async def all_invoices(self, keys: Keys, where: InvoiceFilter, part: Slice) -> Pages[InvoiceRecord]:
        """Invoices of all clients, by issue date and id, newest first."""

    async def all_invoice_counts(self, keys: Keys, where: InvoiceFilter) -> list[int]:
        """How many invoices of all clients meet the conditions."""

    async def corrections_by_invoice(self, ids: Keys) -> Pages[InvoiceRecord]:
        """All corrections of each invoice, newest first."""

    async def invoice_counts_by_client(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        """How many invoices of each client meet the conditions."""

    async def invoice_counts_by_contract(self, ids: Keys, where: InvoiceFilter) -> list[int]:
        """How many invoices of each contract meet the conditions."""

    async def lines_by_invoice(self, ids: Keys) -> Pages[InvoiceLineRecord]:
        """All lines of each invoice, by number."""

    async def allocations_by_invoice(self, ids: Keys) -> Pages[AllocationRecord]:
        """All allocations to each invoice, oldest first: the ERP's own order, never recomputed."""

    async def allocations_by_payment(self, ids: Keys) -> Pages[AllocationRecord]:
        """All allocations of each payment, oldest first."""

    async def payments_by_id(self, ids: Keys) -> Found[PaymentRecord]:
        """Payments by the ERP's id."""

    async def payments_by_client(self, numbers: Keys, part: Slice) -> Pages[PaymentRecord]:
        """Payments of each client, by booking date and id, newest first."""

    async def payment_counts_by_client(self, numbers: Keys) -> list[int]:
        """How many payments each client made."""

    async def schedules_by_id(self, ids: Keys) -> Found[ScheduleRecord]:
        """Schedule versions by the ERP's id."""

    async def schedules_by_contract(self, ids: Keys) -> Pages[ScheduleRecord]:
        """All schedule versions of each contract, newest first."""

    async def instalments_by_schedule(self, ids: Keys) -> Pages[InstalmentRecord]:
        """All instalments of each schedule version, by number."""

    async def service_requests_by_id(self, ids: Keys) -> Found[ServiceRequestRecord]:
        """Service requests by the ERP's id."""

    async def service_requests_by_number(self, numbers: Keys) -> Found[ServiceRequestRecord]:
        """Service requests by number."""

    async def service_requests_by_client(self, numbers: Keys, part: Slice) -> Pages[ServiceRequestRecord]:
        """Service requests of each client, newest first."""

    async def service_request_counts_by_client(self, numbers: Keys) -> list[int]:
        """How many service requests each client made."""

    async def promotions_by_client(self, numbers: Keys) -> Pages[PromotionRecord]:
        """All promotions for each client that are valid on the ERP's day, the most important first."""

    async def notifications_by_id(self, ids: Keys) -> Found[NotificationRecord]:
        """Notifications by the ERP's id."""

    async def notifications_by_client(
        self, numbers: Keys, where: NotificationFilter, part: Slice
    ) -> Pages[NotificationRecord]:
        """Notifications of each client, newest first."""

    async def notification_counts_by_client(self, numbers: Keys, where: NotificationFilter) -> list[int]:
        """How many notifications of each client meet the conditions."""

    async def health(self) -> None:
        """Answers when the ERP does, else raises an UpstreamError."""
