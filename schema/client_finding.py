"""What clients are found by."""

from typing import Annotated, Any, TypeAlias

import strawberry

from connectors.erp.queries import ClientFilter as ClientConditions
from schema.fields import argument, condition, given


@strawberry.input(description="Which clients; every condition given must hold.")
class ClientFilter:
    number_starts_with: str | None = condition("With a client number that begins so, 1 to 7 digits.")
    name_contains: str | None = condition(
        "With this within their full name, 3 to 40 characters, in capitals or not."
    )
    nip: str | None = condition("With exactly this NIP, 10 digits.")
    regon: str | None = condition("With exactly this REGON, 9 or 14 digits.")
    krs: str | None = condition("With exactly this KRS number, 10 digits.")
    einvoice_email: str | None = condition("With exactly this address for e-invoices, in capitals or not.")

    @staticmethod
    def conditions(where: Any) -> ClientConditions:
        """What the ERP is asked."""
        return given(where, ClientConditions)


ClientsWhere: TypeAlias = Annotated[ClientFilter | None, argument("Which clients.")]
