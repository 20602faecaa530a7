"""Clients, their addresses, their balances, and who logs in for them."""

from decimal import Decimal

import msgspec

from connectors.record import Moment, Record


class Address(msgspec.Struct, frozen=True, rename="camel", gc=False):
    """A postal address; `country` is ISO 3166-1 alpha-2, `postal_code` in Poland NN-NNN."""

    street: str
    building: str
    postal_code: str
    city: str
    country: str
    unit: str | None = None


class ClientRecord(Record, frozen=True):
    """A lessee. `number` is its login and its key; nip, regon and krs are the Polish register numbers."""

    number: str
    name: str
    legal_form: str | None
    nip: str | None
    regon: str | None
    krs: str | None
    registered_seat: Address
    correspondence_address: Address | None
    einvoice_email: str | None
    einvoice_consent_at: Moment | None

    @property
    def client_number(self) -> str:
        """Whose record it is: its own."""
        return self.number


class BalanceRecord(Record, frozen=True):
    """What a client owes in one currency. `receivable` is the ERP's own figure: open − unallocated credit."""

    client_number: str
    currency: str
    open: Decimal
    overdue: Decimal
    unallocated_credit: Decimal
    receivable: Decimal


class AccountRecord(Record, frozen=True):
    """A portal user; the login is the client number carried over from the e-invoice system (FAQ 2).

    `role` is OWNER, ACCOUNTANT, FLEET or READ_ONLY; `language` is pl or en.
    """

    login: str
    email: str
    first_name: str
    surname: str
    display_name: str
    company_name: str
    client_numbers: tuple[str, ...]
    role: str
    language: str
