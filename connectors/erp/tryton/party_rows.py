"""What is read of parties: who clients are and how they are reached."""

import msgspec

from connectors.erp.tryton.rows import Coded, Row


class Identifier(Row, frozen=True):
    """A number in a register; `type` is python-stdnum's, as "pl_vat"."""

    type: str | None
    code: str


class PostalAddress(Row, frozen=True):
    """A postal address, in the parts that Tryton keeps; `street` is the whole where it has none."""

    street: str | None
    street_name: str | None
    building_number: str | None
    unit_number: str | None
    postal_code: str | None
    city: str | None
    invoice: bool | int | None
    country: Coded | None = msgspec.field(name="country.")


class Mechanism(Row, frozen=True):
    """How a party is reached; `invoice`: with invoices."""

    type: str
    value: str | None
    invoice: bool | int | None


class PartyHead(Row, frozen=True):
    """What places a client."""

    code: str


class PartyRow(PartyHead, frozen=True):
    """A party."""

    name: str | None
    identifiers: tuple[Identifier, ...] = msgspec.field(name="identifiers.")
    addresses: tuple[PostalAddress, ...] = msgspec.field(name="addresses.")
    contact_mechanisms: tuple[Mechanism, ...] = msgspec.field(name="contact_mechanisms.")
