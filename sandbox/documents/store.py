"""The document store: every document is derived from the ERP's data, but for what users uploaded."""

import re
import sqlite3
from collections.abc import Iterable
from urllib.parse import quote

import msgspec

from sandbox.clock import Clock
from sandbox.documents.contents import Facts, content, measure
from sandbox.documents.facts import CONTRACT_FACTS, INVOICE_FACTS, POLICY_FACTS, REQUEST_FACTS
from sandbox.documents.listing import KINDS, Kind, OwnersQuery, count, page, read_count, read_list
from sandbox.documents.ranges import ranged
from sandbox.documents.uploads import Upload, Uploads
from sandbox.erp.records import Day, Moment, Record
from sandbox.exchange import Answer, Refusal, Request, decode, invalid

MOST_KEYS = 10_000
_OWNER = re.compile(r"(invoice|contract|policy|request):([1-9][0-9]{0,17})", re.ASCII)
_ID = re.compile(r"([PXOCIR])([1-9][0-9]{0,17})", re.ASCII)
NAMES = {
    "P": "Faktura", "X": "Faktura KSeF", "O": "UPO do faktury", "C": "Umowa", "I": "Polisa",
    "R": "Odpowiedź na wniosek",
}  # fmt: skip
OWNERS = {"C": "contract", "I": "policy", "R": "request"}
DERIVED = {"C": CONTRACT_FACTS, "I": POLICY_FACTS, "R": REQUEST_FACTS}


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
    uploaded_by: str | None = None
    expires_at: Moment | None = None


class KeepBody(msgspec.Struct, rename="camel", forbid_unknown_fields=True):
    """The body that keeps uploads of a client."""

    client_number: str
    keys: list[str]


class KeysQuery(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a get."""

    keys: list[str]


_KEYS = msgspec.json.Decoder(KeysQuery)
_KEEP = msgspec.json.Decoder(KeepBody)


class DocumentStore:
    """Lists, gets and sends documents."""

    def __init__(self, database: sqlite3.Connection, clock: Clock, uploads: Uploads) -> None:
        """Derives documents from what `database` holds."""
        self._database = database
        self._clock = clock
        self._uploads = uploads

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
        found = self._documents([f"{code}{rest}" for code, rest, _ in shown])
        items = [found[f"{code}{rest}"] for code, rest, _ in shown]
        end = [shown[-1][2], f"{shown[-1][0]}{shown[-1][1]}"] if shown else None
        return {"items": items, "hasNext": len(rows) > len(shown), "next": end}

    def of_owners(self, owners: Iterable[str]) -> dict[str, list[Document]]:
        """The documents of the owners that exist."""
        wanted: dict[str, set[int]] = {kind: set() for kind in ("invoice", *OWNERS.values())}
        for owner in owners:
            match = _OWNER.fullmatch(owner)
            if match:
                wanted[match[1]].add(int(match[2]))
        found = {}
        for facts in self._facts("P", wanted["invoice"]):
            documents = [self._document(facts)]
            if facts.ksef_number is not None:
                documents += [self._document(facts._replace(code=code)) for code in "XO"]
            found[f"invoice:{facts.id}"] = documents
        for code, kind in OWNERS.items():
            for facts in self._facts(code, wanted[kind]):
                found[f"{kind}:{facts.id}"] = [self._document(facts)]
        return found

    def get_by_id(self, request: Request) -> Answer:
        """The records of documents, null where there is none."""
        keys = decode(_KEYS, request.body).keys
        if len(keys) > MOST_KEYS:
            raise invalid("keys", "must hold at most 10000")
        return self._records(keys, self._documents(keys))

    def put(self, request: Request) -> Answer:
        """Store an upload under the id in the path."""
        upload = self._uploads.put(request.path.rpartition("/")[2], request)
        return Answer(msgspec.json.encode(self._uploaded(upload)), 201)

    def keep(self, request: Request) -> Answer:
        """Keep uploads of a client for good; null for those that are gone, or another client's."""
        body = decode(_KEEP, request.body)
        self._uploads.keep(body.client_number, body.keys)
        found = self._documents(body.keys)
        kept = {key: one for key, one in found.items() if one.client_number == body.client_number}
        return self._records(body.keys, kept)

    def _records(self, keys: list[str], found: dict[str, Document]) -> Answer:
        results = msgspec.json.encode({"results": [found.get(key) for key in keys]})
        return Answer(results, by="id", keys=len(keys))

    def send(self, request: Request) -> Answer:
        """The bytes of a document, or a range of them."""
        key = request.path.rpartition("/")[2]
        facts, document = self._by_id([key]).get(key), self._documents([key]).get(key)
        if document is None:
            raise Refusal(404, "NOT_FOUND", "id: there is no such document")
        data = content(facts) if facts else self._uploads.content(key)
        headers = {
            "content-disposition": f"attachment; filename*=UTF-8''{quote(document.file_name, safe='')}"
        }
        return ranged(request, data, document.mime_type, f'"{document.sha256}"', headers)

    def _documents(self, keys: list[str]) -> dict[str, Document]:
        derived = {key: self._document(facts) for key, facts in self._by_id(keys).items()}
        uploaded = {key: self._uploaded(upload) for key, upload in self._uploads.find(keys).items()}
        return derived | uploaded

    def _by_id(self, keys: list[str]) -> dict[str, Facts]:
        wanted: dict[str, set[int]] = {code: set() for code in NAMES}
        for key in keys:
            match = _ID.fullmatch(key)
            if match:
                wanted[match[1]].add(int(match[2]))
        return {
            f"{code}{facts.id}": facts
            for code, ids in wanted.items()
            for facts in self._facts(code, ids)
            if code not in "XO" or facts.ksef_number is not None
        }

    def _facts(self, code: str, ids: set[int]) -> Iterable[Facts]:
        if not ids:
            return ()
        keys = msgspec.json.encode(list(ids)).decode()
        rows = self._database.execute(DERIVED.get(code, INVOICE_FACTS), (keys,))
        return [Facts(code, *row) for row in rows]

    def _document(self, facts: Facts) -> Document:
        size, sha256 = measure(facts)
        xml = facts.code in "XO"
        start = "UPO-" if facts.code == "O" else ""
        name = NAMES[facts.code]
        return Document(
            id=f"{facts.code}{facts.id}",
            owner=f"{OWNERS.get(facts.code, 'invoice')}:{facts.id}",
            client_number=f"{facts.client:07d}",
            kind=KINDS[facts.code],
            title=f"{name} {facts.number}",
            file_name=f"{start}{facts.number.replace('/', '-')}.{'xml' if xml else 'pdf'}",
            mime_type="application/xml" if xml else "application/pdf",
            size=size,
            sha256=sha256,
            issued_on=facts.issued_on,
            as_of=self._clock.as_of,
        )

    def _uploaded(self, upload: Upload) -> Document:
        return Document(
            id=upload.id,
            owner=f"upload:{upload.id}",
            client_number=f"{upload.client:07d}",
            kind=KINDS["U"],
            title=upload.file_name.rpartition(".")[0],
            file_name=upload.file_name,
            mime_type=upload.mime_type,
            size=upload.size,
            sha256=upload.sha256,
            issued_on=upload.day,
            as_of=self._clock.as_of,
            uploaded_by=upload.uploaded_by,
            expires_at=upload.expires_at,
        )
