"""VirtualAccount: where one client pays to."""

from typing import Any

import strawberry

from resolvers.bank_accounts import iban_of
from schema.fields import ALWAYS, Info, described
from schema.scalars import IBAN, CurrencyCode


def _iban(root: strawberry.Parent[Any], info: Info) -> Any:
    record = f"virtual account in {root.currency}"
    return iban_of(info.context.backoffice.books.system, root.nrb, record, root.client_number)


@strawberry.type(description="A bank account of the leasing company's that is one client's alone.")
class VirtualAccount:
    iban: IBAN = strawberry.field(
        resolver=_iban, description="Its number, with the check digits verified.", metadata=ALWAYS
    )
    currency: CurrencyCode = described("The currency that is paid to it.")
    bank: str | None = described("The bank that keeps it.")
