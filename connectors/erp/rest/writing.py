"""Writes over the REST contract: sent once, each refusal by its code a type of its own."""

from collections.abc import Mapping
from typing import TypeVar

import msgspec

from connectors.errors import MalformedAnswer, UpstreamRejected
from connectors.finite import NotFinite, check_finite
from connectors.http import UpstreamClient

T = TypeVar("T")
Refusals = Mapping[str, type[UpstreamRejected]]


async def write(
    http: UpstreamClient, path: str, body: bytes, refusals: Refusals, headers: dict[str, str] | None = None
) -> bytes:
    """The body of the answer. Raises an UpstreamError; for a code of `refusals` the one named there."""
    try:
        return await http.post(path, body, headers)
    except UpstreamRejected as error:
        refusal = refusals.get(error.reason)
        if refusal is None:
            raise
        raise refusal(error.system, error.status, error.reason) from error


def read(http: UpstreamClient, decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """The answer as a record. Raises MalformedAnswer."""
    try:
        return check_finite(decoder.decode(body))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError, NotFinite) as error:
        raise MalformedAnswer(http.system) from error
