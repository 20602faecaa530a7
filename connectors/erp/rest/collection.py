"""One collection of the REST contract: get by keys, list by keys, count by keys."""

from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeAlias, TypeVar

import msgspec

from connectors.batch import BatchDecoder, counts
from connectors.erp.port import Found, Keys, Pages
from connectors.erp.queries import Slice
from connectors.http import UpstreamClient
from connectors.record import Record

R = TypeVar("R", bound=Record)
T = TypeVar("T")

Asked: TypeAlias = Coroutine[Any, Any, T]
"""What a question comes to: a port's method hands on its collection's, without a coroutine of its own."""

_encode = msgspec.json.Encoder().encode


def every(_record: Record, _key: str) -> bool:
    """Any record belongs to the key of a list over all."""
    return True


class Collection(Generic[R]):
    """`POST /v1/{name}/get|list|count`. `noun` names its records in errors."""

    def __init__(self, http: UpstreamClient, name: str, noun: str, record: type[R]) -> None:
        self._http = http
        self._get = f"/v1/{name}/get"
        self._list = f"/v1/{name}/list"
        self._count = f"/v1/{name}/count"
        self._decoder = BatchDecoder(http.system, noun, record)

    async def get(self, by: str, keys: Keys, belongs: Callable[[R, str], bool]) -> Found[R]:
        """One record for each key."""
        if not keys:
            return []
        body = await self._http.read(self._get, _encode({"by": by, "keys": keys}))
        return self._decoder.records(keys, body, belongs)

    async def pages(
        self,
        by: str,
        keys: Keys,
        belongs: Callable[[R, str], bool],
        part: Slice | None = None,
        where: msgspec.Struct | None = None,
    ) -> Pages[R]:
        """One page for each key; without `part`, the whole list."""
        if not keys:
            return []
        question: dict[str, Any] = {"by": by, "keys": keys, "filter": where or {}}
        if part is None:
            question["first"] = None
        else:
            question["first"], question["after"] = part.first, part.after
            if part.order is not None:
                question["order"] = part.order
        body = await self._http.read(self._list, _encode(question))
        return self._decoder.pages(keys, body, belongs)

    async def count(self, by: str, keys: Keys, where: msgspec.Struct | None = None) -> list[int]:
        """How many items each key has."""
        if not keys:
            return []
        question: dict[str, Any] = {"by": by, "keys": keys, "filter": where or {}}
        body = await self._http.read(self._count, _encode(question))
        return counts(self._http.system, keys, body)
