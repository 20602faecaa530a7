"""Invoices, payments and balances over the REST contract."""

from connectors.batch import by
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.client import BalanceRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord, PaymentRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.invoice_print import InvoicePrint
from connectors.erp.records.settlement import ContractBalanceRecord, VirtualAccountRecord
from connectors.erp.rest.collection import Asked, Collection, every
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

    def invoices_by_id(self, ids: Keys) -> Asked[Found[InvoiceRecord]]:
        return self._invoices.get("id", ids, _id)

    def invoices_by_number(self, numbers: Keys) -> Asked[Found[InvoiceRecord]]:
        return self._invoices.get("number", numbers, _number)

    def invoices_by_client(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Asked[Pages[InvoiceRecord]]:
        return self._invoices.pages("client", numbers, _client, part, where)

    def invoice_counts_by_client(self, numbers: Keys, where: InvoiceFilter) -> Asked[list[int]]:
        return self._invoices.count("client", numbers, where)

    def invoices_by_contract(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Asked[Pages[InvoiceRecord]]:
        return self._invoices.pages("contract", numbers, by("contract_number"), part, where)

    def invoice_counts_by_contract(self, numbers: Keys, where: InvoiceFilter) -> Asked[list[int]]:
        return self._invoices.count("contract", numbers, where)

    def all_invoices(self, keys: Keys, where: InvoiceFilter, part: Slice) -> Asked[Pages[InvoiceRecord]]:
        return self._invoices.pages("all", keys, every, part, where)

    def all_invoice_counts(self, keys: Keys, where: InvoiceFilter) -> Asked[list[int]]:
        return self._invoices.count("all", keys, where)

    def corrections_by_invoice(self, ids: Keys) -> Asked[Pages[InvoiceRecord]]:
        return self._invoices.pages("correctionOf", ids, by("correction_of"), _MOST)

    def lines_by_invoice(self, ids: Keys) -> Asked[Pages[InvoiceLineRecord]]:
        return self._lines.pages("invoice", ids, by("invoice_id"))

    async def print_invoice(self, key: str) -> InvoicePrint | None:
        del key
        return None

    def allocations_by_invoice(self, ids: Keys) -> Asked[Pages[AllocationRecord]]:
        return self._allocations.pages("invoice", ids, by("invoice_id"))

    def allocations_by_payment(self, ids: Keys) -> Asked[Pages[AllocationRecord]]:
        return self._allocations.pages("payment", ids, by("payment_id"))

    def payments_by_id(self, ids: Keys) -> Asked[Found[PaymentRecord]]:
        return self._payments.get("id", ids, _id)

    def payments_by_client(self, numbers: Keys, part: Slice) -> Asked[Pages[PaymentRecord]]:
        return self._payments.pages("client", numbers, _client, part)

    def payment_counts_by_client(self, numbers: Keys) -> Asked[list[int]]:
        return self._payments.count("client", numbers)

    def balances_by_client(self, numbers: Keys) -> Asked[Pages[BalanceRecord]]:
        return self._balances.pages("client", numbers, _client)

    def virtual_accounts_by_client(self, numbers: Keys) -> Asked[Pages[VirtualAccountRecord]]:
        return self._virtual_accounts.pages("client", numbers, _client)

    def contract_balances_by_contract(self, numbers: Keys) -> Asked[Found[ContractBalanceRecord]]:
        return self._contract_balances.get("contract", numbers, by("contract_number"))
