"""The document port over the REST contract of docs/erp-rest.md."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from urllib.parse import quote

import msgspec

from connectors.batch import BatchDecoder, Page, by, counts
from connectors.documents.content import ByteRange, DocumentContent
from connectors.documents.port import DocumentOwner, DocumentRecord, NewUpload
from connectors.documents.queries import DocumentFilter
from connectors.documents.rest_content import content_of
from connectors.documents.rest_upload import described
from connectors.erp.queries import Slice
from connectors.errors import MalformedAnswer, MalformedRecord
from connectors.health import check_health
from connectors.http import UpstreamClient

_encode = msgspec.json.Encoder().encode


class RestDocuments:
    """See `connectors.documents.port.DocumentPort`."""

    def __init__(self, http: UpstreamClient) -> None:
        self.system = http.system
        self._http = http
        self._decoder = BatchDecoder(http.system, "document", DocumentRecord)
        self._record = msgspec.json.Decoder(DocumentRecord)

    async def documents_by_owner(
        self, owners: Sequence[DocumentOwner]
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        if not owners:
            return []
        keys = [str(owner) for owner in owners]
        body = await self._http.read("/documents/v1/list", _encode({"owners": keys}))
        return self._decoder.pages(keys, body, by("owner"))

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        if not ids:
            return []
        body = await self._http.read("/documents/v1/get", _encode({"keys": ids}))
        return self._decoder.records(ids, body, by("id"))

    async def documents_by_client(
        self, numbers: Sequence[str], where: DocumentFilter, part: Slice
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        if not numbers:
            return []
        question = {"owners": _clients(numbers), "filter": where, "first": part.first, "after": part.after}
        body = await self._http.read("/documents/v1/list", _encode(question))
        return self._decoder.pages(numbers, body, by("client_number"))

    async def document_counts_by_client(self, numbers: Sequence[str], where: DocumentFilter) -> list[int]:
        if not numbers:
            return []
        question = {"owners": _clients(numbers), "filter": where}
        return counts(self.system, numbers, await self._http.read("/documents/v1/count", _encode(question)))

    @asynccontextmanager
    async def open(self, key: str, part: ByteRange | None = None) -> AsyncIterator[DocumentContent | None]:
        path = f"/documents/v1/content/{quote(key, safe='')}"
        asked = {"Range": f"bytes={part.start}-{part.stop - 1}"} if part else {}
        async with self._http.download(path, asked) as answer:
            yield content_of(self.system, answer, part)

    async def put(self, upload: NewUpload, chunks: AsyncIterator[bytes]) -> DocumentRecord:
        path = f"/documents/v1/content/{quote(upload.key, safe='')}"
        body = await self._http.upload(path, described(upload), chunks)
        try:
            record = self._record.decode(body)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise MalformedAnswer(self.system) from error
        told = (record.id, record.client_number, record.uploaded_by, record.sha256)
        if told != (upload.key, upload.client_number, upload.uploaded_by, upload.sha256):
            raise MalformedAnswer(self.system)
        return record

    async def keep(
        self, client_number: str, ids: Sequence[str]
    ) -> list[DocumentRecord | MalformedRecord | None]:
        if not ids:
            return []
        question = {"clientNumber": client_number, "keys": ids}
        body = await self._http.post("/documents/v1/keep", _encode(question))
        return self._decoder.records(ids, body, by("id"))

    async def health(self) -> None:
        check_health(self.system, await self._http.probe("/documents/v1/health"))


def _clients(numbers: Sequence[str]) -> list[str]:
    return [f"client:{number}" for number in numbers]
