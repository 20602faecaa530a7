"""Invoices, payments and balances over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.client import BalanceRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord, PaymentRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.invoice_print import InvoicePrint
from connectors.erp.records.settlement import ContractBalanceRecord, VirtualAccountRecord
from connectors.erp.rest.collection import Collection, every
from connectors.http import UpstreamClient

_id = by("id")
_number = by("number")
_client = by("client_number")

_MOST = Slice(1000)
"""Where the contract gives no list as a whole and nothing ever grows so long."""


class RestBooks:
    """See `connectors.erp.ports.books.BooksPort` for what each method answers.

    The contract prints nothing: invoices to read are documents.
    """

    prints_invoices = False

    def __init__(self, http: UpstreamClient) -> None:
        self._invoices = Collection(http, "invoices", "invoice", InvoiceRecord)
        self._lines = Collection(http, "invoice-lines", "invoice line", InvoiceLineRecord)
        self._allocations = Collection(http, "allocations", "allocation", AllocationRecord)
        self._payments = Collection(http, "payments", "payment", PaymentRecord)
        self._balances = Collection(http, "balances", "balance", BalanceRecord)
        self._virtual_accounts = Collection(http, "virtual-accounts", "virtual account", VirtualAccountRecord)
        self._contract_balances = Collection(
            http, "contract-balances", "contract balance", ContractBalanceRecord
        )

    async def invoices_by_id(self, ids: Keys) -> Found[InvoiceRecord]:
        return await self._invoices.get("id", ids, _id)

    async def invoices_by_number(self, numbers: Keys) -> Found[InvoiceRecord]:
        return await self._invoices.get("number", numbers, _number)

    async def invoices_by_client(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("client", numbers, _client, part, where)

    async def invoice_counts_by_client(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        return await self._invoices.count("client", numbers, where)

    async def invoices_by_contract(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("contract", numbers, by("contract_number"), part, where)

    async def invoice_counts_by_contract(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        return await self._invoices.count("contract", numbers, where)

    async def all_invoices(self, keys: Keys, where: InvoiceFilter, part: Slice) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("all", keys, every, part, where)

    async def all_invoice_counts(self, keys: Keys, where: InvoiceFilter) -> list[int]:
        return await self._invoices.count("all", keys, where)

    async def corrections_by_invoice(self, ids: Keys) -> Pages[InvoiceRecord]:
        return await self._invoices.pages("correctionOf", ids, by("correction_of"), _MOST)

    async def lines_by_invoice(self, ids: Keys) -> Pages[InvoiceLineRecord]:
        return await self._lines.pages("invoice", ids, by("invoice_id"))

    async def print_invoice(self, key: str) -> InvoicePrint | None:
        del key
        return None

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

    async def balances_by_client(self, numbers: Keys) -> Pages[BalanceRecord]:
        return await self._balances.pages("client", numbers, _client)

    async def virtual_accounts_by_client(self, numbers: Keys) -> Pages[VirtualAccountRecord]:
        return await self._virtual_accounts.pages("client", numbers, _client)

    async def contract_balances_by_contract(self, numbers: Keys) -> Found[ContractBalanceRecord]:
        return await self._contract_balances.get("contract", numbers, by("contract_number"))
