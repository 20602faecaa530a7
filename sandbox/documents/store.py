"""The document store: every document is derived from an invoice or a contract."""

import re
import sqlite3
from collections.abc import Iterable

import msgspec

from sandbox.clock import Clock
from sandbox.documents.contents import Facts, content, measure
from sandbox.documents.facts import CONTRACT_FACTS, INVOICE_FACTS, REQUEST_FACTS
from sandbox.documents.listing import KINDS, Kind, OwnersQuery, count, page, read_count, read_list
from sandbox.documents.ranges import ranged
from sandbox.erp.records import Day, Moment, Record
from sandbox.exchange import Answer, Refusal, Request, decode, invalid

MOST_KEYS = 10_000
_OWNER = re.compile(r"(invoice|contract|request):([1-9][0-9]{0,17})", re.ASCII)
_ID = re.compile(r"([PXCR])([1-9][0-9]{0,17})", re.ASCII)
NAMES = {"P": "Faktura", "X": "Faktura KSeF", "C": "Umowa", "R": "Odpowiedź na wniosek"}
OWNERS = {"C": "contract", "R": "request"}


class Document(Record):
    """A document's record; `sha256` is of its content."""

    id: str
    owner: str
    client_number: str
    kind: Kind
    title: str
    file_name: str
    mime_type: str
    size: int
    sha256: str
    issued_on: Day
    as_of: Moment


class KeysQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a get."""

    keys: list[str]


_KEYS = msgspec.json.Decoder(KeysQuery)


class DocumentStore:
    """Lists, gets and sends documents."""

    def __init__(self, database: sqlite3.Connection, clock: Clock) -> None:
        """Derives documents from what `database` holds."""
        self._database = database
        self._clock = clock

    def list_by_owner(self, request: Request) -> Answer:
        """The documents of each owner, newest first; those of a client in pages."""
        query = read_list(request.body)
        owners = query.owners
        if query.first is not None:
            pages = [self._page(owner, query) for owner in owners]
            return Answer(msgspec.json.encode({"results": pages}), by="client", keys=len(owners))
        found = self.of_owners(owners)
        answer = msgspec.json.encode({"results": [{"items": found.get(owner, ())} for owner in owners]})
        return Answer(answer, by="owner", keys=len(owners))

    def count_by_client(self, request: Request) -> Answer:
        """The number of documents of each client."""
        query = read_count(request.body)
        counts = [count(self._database, owner, query.filter) for owner in query.owners]
        return Answer(msgspec.json.encode({"results": counts}), by="client", keys=len(counts))

    def _page(self, owner: str, query: OwnersQuery) -> dict[str, object]:
        rows = page(self._database, owner, query)
        shown = rows[: query.first]
        found = self._by_id([f"{code}{number}" for code, number, _ in shown])
        items = [self._document(found[f"{code}{number}"]) for code, number, _ in shown]
        end = [shown[-1][2], f"{shown[-1][0]}{shown[-1][1]}"] if shown else None
        return {"items": items, "hasNext": len(rows) > len(shown), "next": end}

    def of_owners(self, owners: Iterable[str]) -> dict[str, list[Document]]:
        """The documents of the owners that exist."""
        wanted: dict[str, set[int]] = {"invoice": set(), "contract": set(), "request": set()}
        for owner in owners:
            match = _OWNER.fullmatch(owner)
            if match:
                wanted[match[1]].add(int(match[2]))
        found = {}
        for facts in self._facts("P", wanted["invoice"]):
            documents = [self._document(facts)]
            if facts.ksef_number is not None:
                documents.append(self._document(facts._replace(code="X")))
            found[f"invoice:{facts.id}"] = documents
        for facts in self._facts("C", wanted["contract"]):
            found[f"contract:{facts.id}"] = [self._document(facts)]
        for facts in self._facts("R", wanted["request"]):
            found[f"request:{facts.id}"] = [self._document(facts)]
        return found

    def get_by_id(self, request: Request) -> Answer:
        """The records of documents, null where there is none."""
        keys = decode(_KEYS, request.body).keys
        if len(keys) > MOST_KEYS:
            raise invalid("keys", "must hold at most 10000")
        found = {key: self._document(facts) for key, facts in self._by_id(keys).items()}
        return Answer(
            msgspec.json.encode({"results": [found.get(key) for key in keys]}), by="id", keys=len(keys)
        )

    def send(self, request: Request) -> Answer:
        """The bytes of a document, or a range of them."""
        key = request.path.rpartition("/")[2]
        facts = self._by_id([key]).get(key)
        if facts is None:
            raise Refusal(404, "NOT_FOUND", "id: there is no such document")
        document = self._document(facts)
        headers = {"content-disposition": f'attachment; filename="{document.file_name}"'}
        return ranged(request, content(facts), document.mime_type, f'"{document.sha256}"', headers)

    def _by_id(self, keys: list[str]) -> dict[str, Facts]:
        wanted: dict[str, set[int]] = {code: set() for code in KINDS}
        for key in keys:
            match = _ID.fullmatch(key)
            if match:
                wanted[match[1]].add(int(match[2]))
        return {
            f"{code}{facts.id}": facts
            for code, ids in wanted.items()
            for facts in self._facts(code, ids)
            if code != "X" or facts.ksef_number is not None
        }

    def _facts(self, code: str, ids: set[int]) -> Iterable[Facts]:
        if not ids:
            return ()
        keys = msgspec.json.encode(list(ids)).decode()
        facts = {"C": CONTRACT_FACTS, "R": REQUEST_FACTS}.get(code, INVOICE_FACTS)
        rows = self._database.execute(facts, (keys,))
        return [Facts(code, *row) for row in rows]

    def _document(self, facts: Facts) -> Document:
        size, sha256 = measure(facts)
        xml = facts.code == "X"
        name = NAMES[facts.code]
        return Document(
            id=f"{facts.code}{facts.id}",
            owner=f"{OWNERS.get(facts.code, 'invoice')}:{facts.id}",
            client_number=f"{facts.client:07d}",
            kind=KINDS[facts.code],
            title=f"{name} {facts.number}",
            file_name=f"{facts.number.replace('/', '-')}.{'xml' if xml else 'pdf'}",
            mime_type="application/xml" if xml else "application/pdf",
            size=size,
            sha256=sha256,
            issued_on=facts.issued_on,
            as_of=self._clock.as_of,
        )
