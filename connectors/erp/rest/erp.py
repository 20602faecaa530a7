"""The ERP port over the REST contract: each method is one call."""

import msgspec

from connectors.batch import by
from connectors.erp.changes import Change, Changes
from connectors.erp.port import Found, Keys, Pages
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
from connectors.erp.rest.accounts import RestAccounts
from connectors.erp.rest.collection import Collection
from connectors.erp.rest.requests import RestRequests
from connectors.erp.rest.writing import read
from connectors.health import check_health
from connectors.http import UpstreamClient
from connectors.record import Record

_id = by("id")
_number = by("number")
_client = by("client_number")
_contract = by("contract_id")


def _any(_record: Record, _key: str) -> bool:
    return True


_MOST = Slice(1000)
"""Where the contract gives no list as a whole and nothing ever grows so long."""


class _Feed(msgspec.Struct):
    items: tuple[Change, ...]
    next: int


class RestErp(RestRequests, RestAccounts):
    """See `connectors.erp.port.ErpPort` for what each method answers."""

    def __init__(self, http: UpstreamClient) -> None:
        RestRequests.__init__(self, http)
        RestAccounts.__init__(self, http)
        self.system = http.system
        self._http = http
        self._feed = msgspec.json.Decoder(_Feed)
        self._clients = Collection(http, "clients", "client", ClientRecord)
        self._balances = Collection(http, "balances", "balance", BalanceRecord)
        self._virtual_accounts = Collection(http, "virtual-accounts", "virtual account", VirtualAccountRecord)
        self._contract_balances = Collection(
            http, "contract-balances", "contract balance", ContractBalanceRecord
        )
        self._lines = Collection(http, "invoice-lines", "invoice line", InvoiceLineRecord)
        self._contracts = Collection(http, "contracts", "contract", ContractRecord)
        self._invoices = Collection(http, "invoices", "invoice", InvoiceRecord)
        self._allocations = Collection(http, "allocations", "allocation", AllocationRecord)
        self._payments = Collection(http, "payments", "payment", PaymentRecord)
        self._schedules = Collection(http, "schedules", "schedule", ScheduleRecord)
        self._instalments = Collection(http, "instalments", "instalment", InstalmentRecord)
        self._promotions = Collection(http, "promotions", "promotion", PromotionRecord)
        self._notifications = Collection(http, "notifications", "notification", NotificationRecord)
        self._requests = Collection(http, "requests", "service request", ServiceRequestRecord)

    async def changes(self, after: int, limit: int) -> Changes:
        answer = await self._http.get(f"/v1/changes?after={after}&limit={limit}")
        found = read(self._http, self._feed, answer)
        return Changes(found.items, found.next, found.next < after)

    async def clients_by_number(self, numbers: Keys) -> Found[ClientRecord]:
        return await self._clients.get("number", numbers, _number)

    async def all_clients(self, keys: Keys, where: ClientFilter, part: Slice) -> Pages[ClientRecord]:
        return await self._clients.pages("all", keys, _any, part, where)

    async def all_client_counts(self, keys: Keys, where: ClientFilter) -> list[int]:
        return await self._clients.count("all", keys, where)

    async def balances_by_client(self, numbers: Keys) -> Pages[BalanceRecord]:
        return await self._balances.pages("client", numbers, _client)

    async def virtual_accounts_by_client(self, numbers: Keys) -> Pages[VirtualAccountRecord]:
        return await self._virtual_accounts.pages("client", numbers, _client)

    async def contract_balances_by_contract(self, ids: Keys) -> Found[ContractBalanceRecord]:
        return await self._contract_balances.get("contract", ids, _contract)

    async def contracts_by_id(self, ids: Keys) -> Found[ContractRecord]:
        return await self._contracts.get("id", ids, _id)

    async def contracts_by_number(self, numbers: Keys) -> Found[ContractRecord]:
        return await self._contracts.get("number", numbers, _number)

    async def contracts_by_client(
        self, numbers: Keys, where: ContractFilter, part: Slice
    ) -> Pages[ContractRecord]:
        return await self._contracts.pages("client", numbers, _client, part, where)

    async def contract_counts_by_client(self, numbers: Keys, where: ContractFilter) -> list[int]:
        return await self._contracts.count("client", numbers, where)

    async def all_contracts(self, keys: Keys, where: ContractFilter, part: Slice) -> Pages[ContractRecord]:
        return await self._contracts.pages("all", keys, _any, part, where)

    async def all_contract_counts(self, keys: Keys, where: ContractFilter) -> list[int]:
        return await self._contracts.count("all", keys, where)

    async def invoices_by_id(self, ids: Keys) -> Found[InvoiceRecord]:
        return await self._invoices.get("id", ids, _id)

    async def invoices_by_number(self, numbers: Keys) -> Found[InvoiceRecord]:
        return await self._invoices.get("number", numbers, _number)

    async def invoices_by_client(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("client", numbers, _client, part, where)

    async def invoices_by_contract(
        self, ids: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("contract", ids, _contract, part, where)

    async def all_invoices(self, keys: Keys, where: InvoiceFilter, part: Slice) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("all", keys, _any, part, where)

    async def all_invoice_counts(self, keys: Keys, where: InvoiceFilter) -> list[int]:
        return await self._invoices.count("all", keys, where)

    async def corrections_by_invoice(self, ids: Keys) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("correctionOf", ids, by("correction_of"), _MOST)

    async def invoice_counts_by_client(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        return await self._invoices.count("client", numbers, where)

    async def invoice_counts_by_contract(self, ids: Keys, where: InvoiceFilter) -> list[int]:
        return await self._invoices.count("contract", ids, where)

    async def lines_by_invoice(self, ids: Keys) -> Pages[InvoiceLineRecord]:
        return await self._lines.pages("invoice", ids, by("invoice_id"))

    async def allocations_by_invoice(self, ids: Keys) -> Pages[AllocationRecord]:
        return await self._allocations.pages("invoice", ids, by("invoice_id"))

    async def allocations_by_payment(self, ids: Keys) -> Pages[AllocationRecord]:
        return await self._allocations.pages("payment", ids, by("payment_id"))

    async def payments_by_id(self, ids: Keys) -> Found[PaymentRecord]:
        return await self._payments.get("id", ids, _id)

    async def payments_by_client(self, numbers: Keys, part: Slice) -> Pages[PaymentRecord]:
        return await self._payments.pages("client", numbers, _client, part)

    async def payment_counts_by_client(self, numbers: Keys) -> list[int]:
        return await self._payments.count("client", numbers)

    async def schedules_by_id(self, ids: Keys) -> Found[ScheduleRecord]:
        return await self._schedules.get("id", ids, _id)

    async def schedules_by_contract(self, ids: Keys) -> Pages[ScheduleRecord]:
        return await self._schedules.pages("contract", ids, _contract)

    async def instalments_by_schedule(self, ids: Keys) -> Pages[InstalmentRecord]:
        return await self._instalments.pages("schedule", ids, by("schedule_id"))

    async def service_requests_by_id(self, ids: Keys) -> Found[ServiceRequestRecord]:
        return await self._requests.get("id", ids, _id)

    async def service_requests_by_number(self, numbers: Keys) -> Found[ServiceRequestRecord]:
        return await self._requests.get("number", numbers, _number)

    async def service_requests_by_client(self, numbers: Keys, part: Slice) -> Pages[ServiceRequestRecord]:
        return await self._requests.pages("client", numbers, _client, part)

    async def service_request_counts_by_client(self, numbers: Keys) -> list[int]:
        return await self._requests.count("client", numbers)

    async def promotions_by_client(self, numbers: Keys) -> Pages[PromotionRecord]:
        return await self._promotions.pages("client", numbers, _client)

    async def notifications_by_id(self, ids: Keys) -> Found[NotificationRecord]:
        return await self._notifications.get("id", ids, _id)

    async def notifications_by_client(
        self, numbers: Keys, where: NotificationFilter, part: Slice
    ) -> Pages[NotificationRecord]:
        return await self._notifications.pages("client", numbers, _client, part, where)

    async def notification_counts_by_client(self, numbers: Keys, where: NotificationFilter) -> list[int]:
        return await self._notifications.count("client", numbers, where)

    async def health(self) -> None:
        check_health(self.system, await self._http.get("/v1/health"))
