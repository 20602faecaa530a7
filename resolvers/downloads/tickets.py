"""What a link leads to, and whose it is."""

from typing import TypeAlias

import msgspec

from resolvers.language import Language
from resolvers.schedule_files.choice import ScheduleFormat


class DocumentTicket(msgspec.Struct, frozen=True, array_like=True, tag="document"):
    """A document of the store, by its id there."""

    client_number: str
    id: str


class ScheduleTicket(msgspec.Struct, frozen=True, array_like=True, tag="schedule"):
    """A version of a payment schedule, by the ERP's id, as a file."""

    client_number: str
    id: str
    format: ScheduleFormat
    language: Language


class InvoiceTicket(msgspec.Struct, frozen=True, array_like=True, tag="invoice"):
    """An invoice as the books print it, by their id."""

    client_number: str
    id: str


Ticket: TypeAlias = DocumentTicket | ScheduleTicket | InvoiceTicket
