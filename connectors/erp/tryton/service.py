"""Tryton's REST: records by conditions, decoded straight into rows, and counts.

Questions go as `POST model/<name>/search_read`, an action that only reads: its conditions are in the body,
where no limit of an address's length cuts them. What comes back has no order of its own unless one is asked
for, and nothing stands for ids that are not there: whoever asks aligns the answer to the keys.
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from functools import cache
from types import UnionType
from typing import Any, Generic, NamedTuple, TypeAlias, TypeVar, Union, get_args, get_origin

import msgspec

from connectors.erp.tryton.values import Domain
from connectors.errors import MalformedAnswer, MalformedRecord
from connectors.finite import NotFinite, check_finite, finite_check
from connectors.http import Download, UpstreamClient

R = TypeVar("R", bound=msgspec.Struct)
K = TypeVar("K")

CHUNK = 200
"""At most so many keys in one question: beyond that an answer takes too long."""

MOST = 1000
"""At most so many rows in one answer."""

AT_A_TIME = 8
"""So many questions of one batch are under way at once."""

Orders: TypeAlias = Sequence[tuple[str, str]]

_UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NotFinite)
_encode = msgspec.json.Encoder().encode


class Broken(NamedTuple):
    """A row of which only the head can be read: whose it is and where it stands."""

    head: Any
    error: MalformedRecord


class Rows(Generic[R]):
    """The rows of a model: `row` names the fields to read, its base `head` those that place a record."""

    def __init__(self, model: str, noun: str, row: type[R], head: type[msgspec.Struct]) -> None:
        self.model = model
        self.noun = noun
        self.fields = fields_of(row)
        self._finite = finite_check(row)
        self._all = msgspec.json.Decoder(list[row])  # type: ignore[valid-type]
        self._one = msgspec.json.Decoder(row)
        self._head = msgspec.json.Decoder(head)

    def decode(self, system: str, body: bytes) -> list[R | Broken]:
        """The rows; one that can't be read is broken. Raises MalformedAnswer."""
        try:
            rows: list[R | Broken] = self._all.decode(body)
            if self._finite(rows):
                return rows
        except _UNREADABLE:
            pass
        try:
            return [self._row(system, raw) for raw in msgspec.json.decode(body, type=list[msgspec.Raw])]
        except _UNREADABLE as error:
            raise MalformedAnswer(system) from error

    def _row(self, system: str, raw: msgspec.Raw) -> R | Broken:
        try:
            return check_finite(self._one.decode(raw))
        except _UNREADABLE as error:
            head: Any = self._head.decode(raw)
            return Broken(head, MalformedRecord(system, f"{self.noun} {head.id}", str(error), owner_of(head)))


def company_headers(company: int | None) -> dict[str, str]:
    """What goes with every call, so that Tryton computes for that company."""
    if company is None:
        return {}
    return {"X-Tryton-Context": base64.urlsafe_b64encode(_encode({"company": company})).decode()}


class Tryton:
    """One Tryton database, e.g. `https://erp.example.com/erp`, as the user of an application key sees it."""

    def __init__(self, http: UpstreamClient, company: int | None = None) -> None:
        self.system = http.system
        self.company: Domain = [] if company is None else [["company", "=", company]]
        self._http = http

    async def read(
        self, rows: Rows[R], domain: Domain, order: Orders = (("id", "ASC"),), limit: int | None = None
    ) -> list[R | Broken]:
        """The records that meet the conditions. Raises an UpstreamError."""
        question = {"domain": domain, "order": order, "fields_names": rows.fields, "limit": limit}
        return rows.decode(self.system, await self._ask(rows.model, "search_read", question))

    async def read_all(self, rows: Rows[R], domain: Domain) -> list[R | Broken]:
        """All of them by id, in as many answers as it takes."""
        found: list[R | Broken] = []
        behind = 0
        while True:
            part = await self.read(rows, [*domain, ["id", ">", behind]], limit=MOST)
            found += part
            if len(part) < MOST:
                return found
            behind = head_of(part[-1]).id

    async def count(self, model: str, domain: Domain) -> int:
        """How many records meet the conditions. Raises an UpstreamError."""
        body = await self._ask(model, "search_count", {"domain": domain})
        try:
            return msgspec.json.decode(body, type=int)
        except _UNREADABLE as error:
            raise MalformedAnswer(self.system) from error

    def printed(self, report: str, key: int) -> AbstractAsyncContextManager[Download]:
        """A report on a record. It may be made for this, and kept: the question is never repeated."""
        return self._http.download(f"/rest/report/{report}/{key}", {}, repeatable=False)

    async def health(self) -> None:
        """Answers when Tryton and its database do and the key is good, else raises an UpstreamError."""
        body = await self._http.probe("/rest/model/party.party?s=1&f=id")
        try:
            msgspec.json.decode(body, type=list[msgspec.Raw])
        except _UNREADABLE as error:
            raise MalformedAnswer(self.system) from error

    async def _ask(self, model: str, action: str, question: dict[str, Any]) -> bytes:
        return await self._http.read(f"/rest/model/{model}/{action}", _encode(question))


def head_of(row: Any) -> Any:
    """What places a row, broken or not."""
    return row.head if isinstance(row, Broken) else row


def owner_of(head: Any) -> str | None:
    """The client number of whose a row is: of its party, or its own where it is a party."""
    party = getattr(head, "party", head)
    number: str | None = getattr(party, "code", None)
    return number


def chunks(keys: Iterable[K]) -> Iterator[list[K]]:
    """Each key once that can be one, in parts that one question can hold."""
    distinct = list(filter(_may_be_there, dict.fromkeys(keys)))
    for start in range(0, len(distinct), CHUNK):
        yield distinct[start : start + CHUNK]


async def few_at_a_time(keys: Sequence[K], ask: Callable[[K], Awaitable[int]]) -> list[int]:
    """One number for each key, where a question can hold no more than one."""
    distinct = list(filter(_may_be_there, dict.fromkeys(keys)))
    found: dict[K, int] = {}
    for start in range(0, len(distinct), AT_A_TIME):
        few = distinct[start : start + AT_A_TIME]
        found.update(zip(few, await asyncio.gather(*map(ask, few)), strict=True))
    return [found.get(key, 0) for key in keys]


def _may_be_there(key: object) -> bool:
    """Nothing is known by an empty text, and PostgreSQL refuses a question that holds a NUL."""
    return key != "" and not (isinstance(key, str) and "\0" in key)


@cache
def fields_of(row: type[msgspec.Struct]) -> tuple[str, ...]:
    """What a row reads, by Tryton's names: a field whose name ends in a dot is a related record's row."""
    names: list[str] = []
    for field in msgspec.structs.fields(row):
        name = field.encode_name
        names += [name + inner for inner in fields_of(_row_in(field.type))] if name.endswith(".") else [name]
    return tuple(names)


def _row_in(annotation: Any) -> type[msgspec.Struct]:
    """The row of `Row`, `Row | None`, `tuple[Row, ...]`."""
    if get_origin(annotation) in (Union, UnionType, tuple):
        return next(_row_in(each) for each in get_args(annotation) if each not in (type(None), ...))
    found: type[msgspec.Struct] = annotation
    return found
