"""AWS Signature Version 4, by which every S3-compatible store knows who asks.

The rules: https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html
"""

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from urllib.parse import quote

EMPTY = hashlib.sha256(b"").hexdigest()
"""The digest of no body."""
_ALGORITHM = "AWS4-HMAC-SHA256"


def encoded_path(path: str) -> str:
    """A path as it is signed and sent: everything but the unreserved characters and slashes is encoded."""
    return quote(path, safe="/")


def encoded_query(parameters: Mapping[str, str]) -> str:
    """A query as it is signed and sent."""
    pairs = sorted((quote(name, safe=""), quote(value, safe="")) for name, value in parameters.items())
    return "&".join(f"{name}={value}" for name, value in pairs)


class Signer:
    """Signs requests to one host with one key."""

    def __init__(self, host: str, region: str, access_key_id: str, secret_access_key: str) -> None:
        self._host = host
        self._region = region
        self._access_key_id = access_key_id
        self._secret = secret_access_key

    def signed(
        self,
        method: str,
        path: str,
        query: str,
        headers: Mapping[str, str],
        now: datetime,
        body_sha256: str = EMPTY,
    ) -> dict[str, str]:
        """`headers`, and those that sign them all, at `now` (UTC), and a body with this digest (hex).

        Path and query come encoded.
        """
        moment = now.strftime("%Y%m%dT%H%M%SZ")
        sent = {**headers, "x-amz-content-sha256": body_sha256, "x-amz-date": moment}
        plain = {name.lower(): " ".join(value.split()) for name, value in sent.items()} | {"host": self._host}
        names = ";".join(sorted(plain))
        lines = "".join(f"{name}:{plain[name]}\n" for name in sorted(plain))
        request = "\n".join((method, path, query, lines, names, body_sha256))
        scope = f"{moment[:8]}/{self._region}/s3/aws4_request"
        digest = hashlib.sha256(request.encode()).hexdigest()
        key = _key(self._secret, moment[:8], self._region)
        signature = _hmac(key, "\n".join((_ALGORITHM, moment, scope, digest))).hex()
        credential = f"Credential={self._access_key_id}/{scope}"
        sent["Authorization"] = f"{_ALGORITHM} {credential},SignedHeaders={names},Signature={signature}"
        return sent


@lru_cache(maxsize=16)
def _key(secret: str, day: str, region: str) -> bytes:
    """The day's key, out of which the secret can't be found."""
    key = f"AWS4{secret}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = _hmac(key, part)
    return key


def _hmac(key: bytes, text: str) -> bytes:
    return hmac.digest(key, text.encode(), "sha256")
