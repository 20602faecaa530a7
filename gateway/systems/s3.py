"""Documents in a bucket of an S3-compatible store."""

import re
from contextlib import AsyncExitStack
from dataclasses import dataclass
from typing import Final

from connectors.http import UpstreamClient
from gateway.setting import REQUIRED, setting
from gateway.setting_values import seconds, text, url
from gateway.systems.kind import Kind, Opened, Surroundings

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*/?")
_MOST_PREFIX = 100


def _bucket(value: str) -> str:
    """By the naming rules of S3."""
    if not _BUCKET.fullmatch(value):
        raise ValueError(
            "3 to 63 lower-case letters, digits, dots and dashes, a letter or digit at both ends"
        )
    return value


def _prefix(value: str) -> str:
    """With a slash at its end; keys have 1024 bytes in all."""
    if not value:
        return ""
    if not _PREFIX.fullmatch(value) or len(value) > _MOST_PREFIX:
        raise ValueError(
            f"at most {_MOST_PREFIX} letters, digits, dashes and low lines, with slashes between"
        )
    return f"{value.rstrip('/')}/"


@dataclass(frozen=True, kw_only=True)
class S3Keys:
    """Where the bucket is, and the key to it."""

    url: str = setting(
        REQUIRED, url("http", "https"), "http(s)://host[:port]", "The store, without the bucket's name."
    )
    bucket: str = setting(REQUIRED, _bucket, "a bucket's name", "The bucket, addressed by path.")
    region: str = setting("us-east-1", text, "a region's name", "What the store calls its region.")
    prefix: str = setting("", _prefix, "folder/", "What all keys begin with, laid out as systems.md says.")
    access_key_id: str = setting(REQUIRED, text, "a text", "Name of the access key.", secret=True)
    secret_access_key: str = setting(REQUIRED, text, "a text", "The secret of that key.", secret=True)
    timeout: float = setting(5.0, seconds, "seconds", "Longest wait for one answer, or part of a file.")


async def _open(name: str, keys: S3Keys, surroundings: Surroundings, stack: AsyncExitStack) -> Opened:
    from connectors.documents.s3 import S3Documents  # where there is one: it takes memory
    from connectors.documents.s3_bucket import Bucket, code_of

    guard = surroundings.guard(name, keys.timeout)
    http = UpstreamClient(name, keys.url, timeout=keys.timeout, guard=guard, reason=code_of)
    stack.push_async_callback(http.close)
    bucket = Bucket(
        http,
        keys.bucket,
        access_key_id=keys.access_key_id,
        secret_access_key=keys.secret_access_key,
        region=keys.region,
        prefix=keys.prefix,
    )
    return Opened({"documents": S3Documents(bucket)}, guard=guard)


S3: Final[Kind] = Kind("s3", "A bucket of any S3-compatible store.", ("documents",), S3Keys, _open)
