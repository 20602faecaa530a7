"""The document port over the REST contract of docs/erp-rest.md."""

from collections.abc import Sequence

import msgspec

from connectors.batch import BatchDecoder, Page, by
from connectors.documents.port import DocumentOwner, DocumentRecord
from connectors.errors import MalformedRecord
from connectors.http import UpstreamClient

_encode = msgspec.json.Encoder().encode


class RestDocuments:
    """See `connectors.documents.port.DocumentPort`."""

    def __init__(self, http: UpstreamClient) -> None:
        self.system = http.system
        self._http = http
        self._decoder = BatchDecoder(http.system, "document", DocumentRecord)

    async def documents_by_owner(
        self, owners: Sequence[DocumentOwner]
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        keys = [str(owner) for owner in owners]
        body = await self._http.post("/documents/v1/list", _encode({"owners": keys}))
        return self._decoder.pages(keys, body, by("owner"))

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        body = await self._http.post("/documents/v1/get", _encode({"keys": ids}))
        return self._decoder.records(ids, body, by("id"))

    async def health(self) -> None:
        await self._http.get("/documents/v1/health")
