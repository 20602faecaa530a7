"""Uploads in a bucket: apart from the others until a request takes them.

A waiting upload's key holds only whose it is and its own key, so that the store sees to it that there is
never a second; what else its id says is in its metadata. What has waited for a day counts as gone, whenever
the bucket's lifecycle rule removes it. Keeping is a copy within the store: done wholly, or again.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from connectors.documents.naming import LIFE
from connectors.documents.port import NewUpload
from connectors.documents.s3_bucket import Bucket, ObjectHead
from connectors.documents.s3_keys import LASTING, Place, place_for

WARSAW = ZoneInfo("Europe/Warsaw")
_TOLD = "document"


class Waiting(NamedTuple):
    """A waiting upload: size in bytes, and when it is gone."""

    size: int
    etag: str
    expires_at: datetime


class S3Uploads:
    """Every method raises an UpstreamError."""

    def __init__(self, bucket: Bucket) -> None:
        self._bucket = bucket

    async def put(self, upload: NewUpload, chunks: AsyncIterator[bytes]) -> Place:
        """Stores an upload, whole or not at all: the store compares the digest."""
        place = place_for(upload, datetime.now(WARSAW).date())
        headers = {
            "Content-Type": upload.mime_type,
            "Content-Length": str(upload.size),
            f"x-amz-meta-{_TOLD}": place.told,
        }
        await self._bucket.create(place.waiting or "", upload.sha256, headers, chunks)
        return place

    async def find(self, place: Place) -> Waiting | None:
        """The upload with this id, if it waits."""
        head = await self._bucket.about(place.waiting) if place.waiting else None
        return None if head is None else waiting(place, head)

    async def keep(self, place: Place) -> None:
        """Copies it to where it stays; nothing to do where it no longer waits."""
        found = await self.find(place)
        if found and place.waiting:
            await self._bucket.copy(place.waiting, found.etag, f"{LASTING}{place.id}")


def waiting(place: Place, head: ObjectHead) -> Waiting | None:
    """What the object says, if it is the one with this id, and still good."""
    expires_at = head.modified + LIFE
    if head.metadata.get(_TOLD) != place.told or expires_at <= datetime.now(UTC):
        return None
    return Waiting(head.size, head.etag, expires_at)
