"""Bank accounts to pay to. An NRB is an IBAN of Poland without its `PL`: 26 digits, checked mod 97."""

import re
from collections.abc import Sequence

from connectors.batch import Page
from connectors.erp.records.client import ClientRecord
from connectors.erp.records.settlement import VirtualAccountRecord
from connectors.errors import MalformedRecord
from resolvers.loading import Loader, asking
from resolvers.relation import Relation, items

_NRB = re.compile(r"\d{26}", re.ASCII)

virtual_accounts_by_client: Loader[Page[VirtualAccountRecord | MalformedRecord]] = asking(
    VirtualAccountRecord, lambda op: op.backoffice.books.virtual_accounts_by_client
)


def is_nrb(text: str) -> bool:
    """Whether it is a Polish account number with the right check digits."""
    from stdnum import iban  # see `resolvers.identifiers`

    return bool(_NRB.fullmatch(text)) and iban.is_valid(f"PL{text}")


def iban_of(system: str, nrb: str, record: str, client_number: str) -> str:
    """The IBAN of an NRB. Raises MalformedRecord, naming `record`, when its check fails."""
    if not is_nrb(nrb):
        raise MalformedRecord(system, record, "its account number fails its check", client_number)
    return f"PL{nrb}"


accounts_of: Relation[ClientRecord, Sequence[VirtualAccountRecord | MalformedRecord]] = Relation(
    virtual_accounts_by_client, "number", items
)
"""The accounts that are this client's alone, one per currency."""
