"""The four calls of the S3 protocol that a document store needs, on one bucket, addressed by path.

No redirect is followed: a store that says that the bucket is elsewhere is configured wrongly.
"""

import base64
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple
from urllib.parse import unquote_plus, urlsplit
from xml.etree import ElementTree

from connectors.documents.content import ByteRange
from connectors.documents.rest_content import content_of
from connectors.documents.s3_signing import EMPTY, Signer, encoded_path, encoded_query
from connectors.errors import MalformedAnswer, UpstreamRejected, UpstreamUnavailable
from connectors.http import Download, UpstreamClient

_CODE = re.compile(rb"<Code>([A-Za-z0-9.]{1,64})</Code>")
_PORTS = {"http": 80, "https": 443}
_MOST_OF_A_REFUSAL = 1 << 16
_NOTHING_THERE = 404, "NoSuchKey"
_GIVEN = (200, 206)


class Refusal(Exception):
    """For the log: what the store said, of which bucket."""


class StoredObject(NamedTuple):
    """What a list says of an object: its key, and its size in bytes."""

    key: str
    size: int


class ObjectHead(NamedTuple):
    """What an object says of itself; `metadata` by names in lower case."""

    size: int
    modified: datetime
    etag: str
    metadata: dict[str, str]


def code_of(body: bytes) -> str:
    """The code of a refusal, such as `NoSuchKey`, else nothing."""
    found = _CODE.search(body)
    return found[1].decode() if found else ""


class Bucket:
    """Calls to one bucket. Each raises an UpstreamError; keys are below `prefix`.

    `http` reads refusals with `code_of`.
    """

    def __init__(
        self,
        http: UpstreamClient,
        bucket: str,
        *,
        access_key_id: str,
        secret_access_key: str,
        region: str = "us-east-1",
        prefix: str = "",
    ) -> None:
        self.system = http.system
        self._http = http
        self._bucket = bucket
        self._prefix = prefix
        self._base = urlsplit(http.base_url).path
        self._signer = Signer(_host(http.base_url), region, access_key_id, secret_access_key)

    async def listing(self, prefix: str) -> list[StoredObject]:
        """All objects whose key begins so, a call for each 1000. Equal lists under way are one."""
        asked = self._asking(prefix)
        found: list[StoredObject] = []
        while True:
            query = encoded_query(asked)
            with self._told():
                path, headers = self._signed("GET", self._path(), query=query)
                body = await self._http.get(path, headers, same=path)
            objects, following = self._listed(body, asked["prefix"])
            found += objects
            if following is None:
                return found
            if following == asked.get("continuation-token"):
                raise MalformedAnswer(self.system)  # it would go on for ever
            asked["continuation-token"] = following

    async def probe(self, prefix: str) -> None:
        """Whether there is a bucket that may be listed there."""
        asked = {**self._asking(prefix), "max-keys": "1"}
        with self._told():
            body = await self._http.probe(*self._signed("GET", self._path(), query=encoded_query(asked)))
        self._listed(body, asked["prefix"])

    async def about(self, key: str) -> ObjectHead | None:
        """What an object of at least one byte says of itself; None where there is none.

        By its first byte: the answer to HEAD has no body that would say what is wrong.
        """
        first = ByteRange(0, 1)
        async with self.open(key, first) as answer:
            content = content_of(self.system, answer, first) if answer else None
            if answer is None or content is None:
                return None
            async for _ in content.chunks:
                pass
            return self.head_of(answer.headers, content.size)

    @asynccontextmanager
    async def open(self, key: str, part: ByteRange | None) -> AsyncIterator[Download | None]:
        """The object or a part of it, on its way; None where there is none."""
        headers = {"Range": f"bytes={part.start}-{part.stop - 1}"} if part else {}
        async with self._http.download(*self._signed("GET", self._key(key), headers)) as answer:
            if answer.status in _GIVEN:
                yield answer
                return
            code = code_of(await _beginning(answer))
            if (answer.status, code) != _NOTHING_THERE:
                with self._told():
                    raise UpstreamRejected(self.system, answer.status, code)
            yield None

    async def create(
        self, key: str, sha256: str, headers: dict[str, str], chunks: AsyncIterator[bytes]
    ) -> None:
        """Stores an object, unless there is one (UpstreamRejected, 412), or its digest is another (400)."""
        digest = base64.b64encode(bytes.fromhex(sha256)).decode()
        headers = {**headers, "If-None-Match": "*", "x-amz-checksum-sha256": digest}
        with self._told():
            await self._http.upload(*self._signed("PUT", self._key(key), headers, sha256), chunks)

    async def copy(self, key: str, etag: str, to: str) -> None:
        """Copies an object, metadata included, within the store; UpstreamRejected, 412, if it is another."""
        headers = {
            "Content-Length": "0",
            "x-amz-copy-source": encoded_path(f"/{self._bucket}/{self._prefix}{key}"),
            "x-amz-copy-source-if-match": etag,
        }
        with self._told():
            body = await self._http.upload(*self._signed("PUT", self._key(to), headers), _nothing())
        if b"CopyObjectResult" not in body:  # what goes wrong while it copies comes with status 200
            raise UpstreamUnavailable(self.system)

    def head_of(self, headers: dict[str, str], size: int) -> ObjectHead:
        """What the headers of an object of this size say. Raises MalformedAnswer."""
        meta = "x-amz-meta-"
        try:
            return ObjectHead(
                size,
                parsedate_to_datetime(headers["last-modified"]).astimezone(UTC),
                headers["etag"],
                {name.removeprefix(meta): value for name, value in headers.items() if name.startswith(meta)},
            )
        except (KeyError, ValueError) as error:
            raise MalformedAnswer(self.system) from error

    def _asking(self, prefix: str) -> dict[str, str]:
        return {"list-type": "2", "encoding-type": "url", "prefix": self._prefix + prefix}

    def _listed(self, body: bytes, prefix: str) -> tuple[list[StoredObject], str | None]:
        """The objects, and where the list goes on."""
        try:
            # From our own store; expat itself bounds what entities could grow to.
            root = ElementTree.fromstring(body)  # noqa: S314
            if root.tag.rpartition("}")[2] != "ListBucketResult":
                raise ValueError(root.tag)  # a proxy's page may be XML too
            plain = root.findtext("{*}EncodingType") != "url"
            objects = [self._object(each, prefix, plain=plain) for each in root.iterfind("{*}Contents")]
            more = root.findtext("{*}IsTruncated") == "true"
            return objects, root.findtext("{*}NextContinuationToken", "") if more else None
        except (ElementTree.ParseError, ValueError, LookupError) as error:
            raise MalformedAnswer(self.system) from error

    def _object(self, told: ElementTree.Element, prefix: str, *, plain: bool) -> StoredObject:
        """Raises ValueError for one that wasn't asked for: it may be another client's."""
        written = told.findtext("{*}Key", "")
        key = written if plain else unquote_plus(written)
        if not key.startswith(prefix):
            raise ValueError(key)
        return StoredObject(key.removeprefix(self._prefix), int(told.findtext("{*}Size", "")))

    def _signed(
        self,
        method: str,
        path: str,
        headers: dict[str, str] | None = None,
        body_sha256: str = EMPTY,
        query: str = "",
    ) -> tuple[str, dict[str, str]]:
        """Where to, and the headers."""
        now = datetime.now(UTC)
        signed = self._signer.signed(method, self._base + path, query, headers or {}, now, body_sha256)
        return (f"{path}?{query}" if query else path), signed

    def _path(self) -> str:
        return encoded_path(f"/{self._bucket}")

    def _key(self, key: str) -> str:
        return encoded_path(f"/{self._bucket}/{self._prefix}{key}")

    @contextmanager
    def _told(self) -> Iterator[None]:
        """Names a refusal's code and the bucket as its cause."""
        try:
            yield
        except UpstreamRejected as error:
            why = Refusal(f"{error.reason or error.status} from the bucket '{self._bucket}'")
            raise UpstreamRejected(self.system, error.status, error.reason) from why


def _host(url: str) -> str:
    """As the HTTP client sends it: with a port that is not the scheme's own."""
    parts = urlsplit(url)
    host = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    return host if parts.port in (None, _PORTS.get(parts.scheme)) else f"{host}:{parts.port}"


async def _beginning(answer: Download) -> bytes:
    body = b""
    async for chunk in answer.chunks:
        body += chunk
        if len(body) > _MOST_OF_A_REFUSAL:
            break
    return body


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""
