"""A complaint."""

import msgspec


class ComplaintDetails(msgspec.Struct, frozen=True, rename="camel"):
    """`invoice_number` where it is about an invoice."""

    subject: str | None = None
    description: str | None = None
    invoice_number: str | None = None
