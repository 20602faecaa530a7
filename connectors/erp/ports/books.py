"""The books: what clients owe, and what settles it."""

from typing import Protocol

from connectors.erp.port import ErpPart, Found, Keys, Pages
from connectors.erp.queries import InvoiceFilter, Slice
from connectors.erp.records.client import BalanceRecord
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord, PaymentRecord
from connectors.erp.records.invoice_line import InvoiceLineRecord
from connectors.erp.records.invoice_print import InvoicePrint
from connectors.erp.records.settlement import ContractBalanceRecord, VirtualAccountRecord


class BooksPort(ErpPart, Protocol):
    """Invoices, payments, what settles what, and balances. Contracts are known here by their numbers."""

    prints_invoices: bool
    """Whether there is anything to print them with."""

    async def invoices_by_id(self, ids: Keys) -> Found[InvoiceRecord]:
        """Invoices by the ERP's id."""

    async def invoices_by_number(self, numbers: Keys) -> Found[InvoiceRecord]:
        """Invoices by invoice number."""

    async def invoices_by_client(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        """Invoices of each client, by issue date and id, newest first."""

    async def invoice_counts_by_client(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        """How many invoices of each client meet the conditions."""

    async def invoices_by_contract(
        self, numbers: Keys, where: InvoiceFilter, part: Slice
    ) -> Pages[InvoiceRecord]:
        """Invoices of each contract, by its number; by issue date and id, newest first."""

    async def invoice_counts_by_contract(self, numbers: Keys, where: InvoiceFilter) -> list[int]:
        """How many invoices of each contract, by its number, meet the conditions."""

    async def all_invoices(self, keys: Keys, where: InvoiceFilter, part: Slice) -> Pages[InvoiceRecord]:
        """Invoices of all clients, by issue date and id, newest first."""

    async def all_invoice_counts(self, keys: Keys, where: InvoiceFilter) -> list[int]:
        """How many invoices of all clients meet the conditions."""

    async def corrections_by_invoice(self, ids: Keys) -> Pages[InvoiceRecord]:
        """All corrections of each invoice, newest first."""

    async def lines_by_invoice(self, ids: Keys) -> Pages[InvoiceLineRecord]:
        """All lines of each invoice, by number."""

    async def print_invoice(self, key: str) -> InvoicePrint | None:
        """An invoice that this port has told of, by the ERP's id, as the books print it.

        None where it isn't there, or they print none. Never repeated: some keep what they print.
        """

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

    async def balances_by_client(self, numbers: Keys) -> Pages[BalanceRecord]:
        """All balances of each client, one per currency, by currency."""

    async def virtual_accounts_by_client(self, numbers: Keys) -> Pages[VirtualAccountRecord]:
        """All virtual accounts of each client, one per currency, by currency."""

    async def contract_balances_by_contract(self, numbers: Keys) -> Found[ContractBalanceRecord]:
        """What is due on each contract, by its number."""
