"""A notice that the client's registered seat changes."""

from datetime import date

import msgspec


class NewSeat(msgspec.Struct, frozen=True, rename="camel"):
    """An address; the country as ISO 3166-1 alpha-2."""

    street: str
    building: str
    unit: str | None
    postal_code: str
    city: str
    country: str


class RegisteredSeatChangeDetails(msgspec.Struct, frozen=True, rename="camel"):
    """The NIP stays: who gets another one is another client."""

    address: NewSeat | None = None
    effective_on: date | None = None
    register_evidence: str | None = None
    correspondence_address_too: bool | None = None
