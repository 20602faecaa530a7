"""The document port over a bucket of any S3-compatible store; see `s3_keys` for its layout.

A list costs one call for each 1000 keys that it goes through; no document costs a call of its own.
"""

from collections import defaultdict
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from msgspec.structs import replace

from connectors.batch import Page
from connectors.documents.content import ByteRange, DocumentContent
from connectors.documents.port import DocumentOwner, DocumentRecord, NewUpload
from connectors.documents.queries import DocumentFilter, cut
from connectors.documents.rest_content import content_of
from connectors.documents.s3_bucket import Bucket
from connectors.documents.s3_content import verified
from connectors.documents.s3_keys import LASTING, Place, client_folder, owner_folder, place_of
from connectors.documents.s3_listing import Entry, newest_first, read, record_of
from connectors.documents.s3_reading import Reading
from connectors.documents.s3_uploads import S3Uploads, waiting
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord, UpstreamUnavailable


class S3Documents:
    """See `connectors.documents.port.DocumentPort`."""

    def __init__(self, bucket: Bucket) -> None:
        self.system = bucket.system
        self._bucket = bucket
        self._reading = Reading(bucket)
        self._uploads = S3Uploads(bucket)

    async def documents_by_owner(
        self, owners: Sequence[DocumentOwner]
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        folders = [owner_folder(owner) for owner in owners]
        found: dict[str | None, list[Entry]] = defaultdict(list)
        for entry in await self._reading.below(folder for folder in folders if folder):
            client, owner = entry.id.split("/", 2)[:2]
            found[f"{client}/{owner}/"].append(entry)
        return [Page([read(self.system, each) for each in newest_first(found[folder])]) for folder in folders]

    async def documents_by_id(self, ids: Sequence[str]) -> list[DocumentRecord | MalformedRecord | None]:
        places = [place for key in dict.fromkeys(ids) if (place := place_of(key))]
        sizes = {entry.id: entry.size for entry in await self._reading.below(place.id for place in places)}
        found = {place.id: record_of(place, sizes[place.id]) for place in places if place.id in sizes}
        missing = [place for place in places if place.waiting and place.id not in sizes]
        uploads = await self._reading.each(self._waiting, missing)
        found |= {record.id: record for record in uploads if record}
        return [found.get(key) for key in ids]

    async def documents_by_client(
        self, numbers: Sequence[str], where: DocumentFilter, part: Slice
    ) -> list[Page[DocumentRecord | MalformedRecord]]:
        pages = []
        for taken in await self._of_clients(numbers, where):
            chosen, more = cut(newest_first(taken), part)
            items = [read(self.system, entry) for entry in chosen]
            pages.append(Page(items, more, chosen[-1].position if chosen else None))
        return pages

    async def document_counts_by_client(self, numbers: Sequence[str], where: DocumentFilter) -> list[int]:
        return [len(taken) for taken in await self._of_clients(numbers, where)]

    @asynccontextmanager
    async def open(self, key: str, part: ByteRange | None = None) -> AsyncIterator[DocumentContent | None]:
        place = place_of(key)
        if place:
            async with self._bucket.open(f"{LASTING}{place.id}", part) as answer:
                if answer and (content := content_of(self.system, answer, part)):
                    yield self._checked(content, place)
                    return
        if place and place.waiting:
            async with self._bucket.open(place.waiting, part) as answer:
                content = content_of(self.system, answer, part) if answer else None
                if answer and content and waiting(place, self._bucket.head_of(answer.headers, content.size)):
                    yield self._checked(content, place)
                    return
        yield None

    async def put(self, upload: NewUpload, chunks: AsyncIterator[bytes]) -> DocumentRecord:
        record = await self._waiting(await self._uploads.put(upload, chunks))
        if record is None:
            raise UpstreamUnavailable(self.system)
        return record

    async def keep(
        self, client_number: str, ids: Sequence[str]
    ) -> list[DocumentRecord | MalformedRecord | None]:
        places = [
            place
            for key in dict.fromkeys(ids)
            if (place := place_of(key)) and place.client_number == client_number
        ]
        kept = {entry.id for entry in await self._reading.below(place.id for place in places)}
        await self._reading.each(self._uploads.keep, [place for place in places if place.id not in kept])
        own = [place.id for place in places]
        records = dict(zip(own, await self.documents_by_id(own), strict=True))
        return [records.get(key) for key in ids]

    async def health(self) -> None:
        await self._bucket.probe(LASTING)

    async def _of_clients(self, numbers: Sequence[str], where: DocumentFilter) -> list[list[Entry]]:
        folders = [client_folder(number) for number in numbers]
        found = await self._reading.of_clients(folder for folder in folders if folder)
        return [
            [entry for entry in found[folder] if entry.is_taken(where)] if folder else []
            for folder in folders
        ]

    async def _waiting(self, place: Place) -> DocumentRecord | None:
        found = await self._uploads.find(place)
        return None if found is None else record_of(place, found.size, found.expires_at)

    def _checked(self, content: DocumentContent, place: Place) -> DocumentContent:
        """What a part should be, nobody has said."""
        if content.part:
            return content
        return replace(content, chunks=verified(self.system, place.id, place.sha256, content.chunks))
