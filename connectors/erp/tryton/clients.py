"""Clients: the parties that have a code, which is the client number."""

from typing import Any

from connectors.batch import Page
from connectors.erp.port import ALL, Found, Keys, Pages
from connectors.erp.queries import ClientFilter, Slice
from connectors.erp.records.client import Address, ClientRecord
from connectors.erp.tryton.choices import Choices
from connectors.erp.tryton.invoice_finding import escaped
from connectors.erp.tryton.invoice_records import now
from connectors.erp.tryton.party_rows import PartyHead, PartyRow, PostalAddress
from connectors.erp.tryton.reading import Reader, aligned
from connectors.erp.tryton.service import Broken, Rows, Tryton, chunks, head_of
from connectors.erp.tryton.values import Domain

PARTIES = Rows("party.party", "client", PartyRow, PartyHead)
KRS_DIGITS = 10


class TrytonClients:
    """See `connectors.erp.ports.clients.ClientPort`."""

    def __init__(self, tryton: Tryton, choices: Choices) -> None:
        self._tryton = tryton
        category = choices.client_category
        self._of_clients: Domain = [] if category is None else [["categories.name", "=", category]]
        self._reader = Reader(tryton.system)

    async def clients_by_number(self, numbers: Keys) -> Found[ClientRecord]:
        found: list[tuple[str, Any]] = []
        for chunk in chunks(numbers):
            rows = await self._tryton.read(PARTIES, [*self._of_clients, ["code", "in", chunk]])
            found += [(head_of(row).code, self._client(row)) for row in rows]
        return aligned(numbers, found)

    async def all_clients(self, keys: Keys, where: ClientFilter, part: Slice) -> Pages[ClientRecord]:
        if ALL not in keys:
            return [Page([]) for _ in keys]
        domain = [*self._of_clients, *_conditions(where)]
        if part.after is not None:
            domain.append(["code", ">", part.after[0]])
        rows = await self._tryton.read(PARTIES, domain, [("code", "ASC")], part.first + 1)
        items = rows[: part.first]
        next_ = (head_of(items[-1]).code,) if items else None
        page = Page([self._client(row) for row in items], len(rows) > part.first, next_)
        return [page if key == ALL else Page([]) for key in keys]

    async def all_client_counts(self, keys: Keys, where: ClientFilter) -> list[int]:
        if ALL not in keys:
            return [0 for _ in keys]
        count = await self._tryton.count(PARTIES.model, [*self._of_clients, *_conditions(where)])
        return [count if key == ALL else 0 for key in keys]

    def _client(self, row: PartyRow | Broken) -> Any:
        return self._reader.record(row, PARTIES.noun, _client_record)


def _conditions(where: ClientFilter) -> Domain:
    found: Domain = [["code", "!=", None]]
    if where.number_starts_with is not None:
        found.append(["code", "like", f"{escaped(where.number_starts_with)}%"])
    if where.name_contains is not None:
        found.append(["name", "ilike", f"%{escaped(where.name_contains)}%"])
    for kind, code in (("pl_vat", where.nip), ("pl_regon", where.regon)):
        if code is not None:
            # Tryton keeps a NIP as python-stdnum writes it: with hyphens.
            spelled = [code, f"{code[:3]}-{code[3:6]}-{code[6:8]}-{code[8:]}"]
            found.append(["identifiers", "where", [["type", "=", kind], ["code", "in", spelled]]])
    if where.krs is not None:
        spelled = [where.krs, f"KRS {where.krs}", f"KRS{where.krs}"]
        found.append(["identifiers", "where", [["type", "=", None], ["code", "in", spelled]]])
    if where.einvoice_email is not None:
        address = escaped(where.einvoice_email)
        found.append(["contact_mechanisms", "where", [["type", "=", "email"], ["value", "ilike", address]]])
    return found


def _client_record(row: PartyRow) -> ClientRecord:
    registered = {each.type: "".join(filter(str.isalnum, each.code)) for each in row.identifiers}
    untyped = (
        each.code.strip().upper().removeprefix("KRS").strip() for each in row.identifiers if not each.type
    )
    krs = (code for code in untyped if len(code) == KRS_DIGITS and code.isdigit())
    mails = [each for each in row.contact_mechanisms if each.type == "email" and each.value]
    mails.sort(key=lambda each: not each.invoice)
    seat = row.addresses[0] if row.addresses else None
    letters = next((each for each in row.addresses[1:] if each.invoice), None)
    return ClientRecord(
        as_of=now(),
        number=row.code,
        name=row.name or "",
        legal_form=None,
        nip=registered.get("pl_vat"),
        regon=registered.get("pl_regon"),
        krs=next(krs, None),
        registered_seat=_address(seat),
        correspondence_address=_address(letters) if letters else None,
        einvoice_email=mails[0].value if mails else None,
        einvoice_consent_at=None,
    )


def _address(row: PostalAddress | None) -> Address:
    """An address; Tryton demands no part of one, nor one at all."""
    if row is None:
        return Address("", "", "", "", "")
    street = row.street_name or " ".join((row.street or "").split())
    country = (row.country.code if row.country else None) or ""
    building = row.building_number or ""
    return Address(street, building, row.postal_code or "", row.city or "", country, row.unit_number or None)
