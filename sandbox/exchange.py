"""What the parts of the server say to each other: a request, an answer, a refusal."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import msgspec

T = TypeVar("T")


@dataclass(slots=True)
class Request:
    """A request whose body has been read; header names are lower-case."""

    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Answer:
    """An answer; `by` and `keys` go into the wire log."""

    body: bytes
    status: int = 200
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    by: str | None = None
    keys: int | None = None


Handler = Callable[[Request], Answer]


class Refusal(Exception):
    """An answer with the error body."""

    def __init__(self, status: int, code: str, message: str, headers: dict[str, str] | None = None) -> None:
        """`message` names the field and the rule."""
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers or {}

    def answer(self) -> Answer:
        """The refusal on the wire."""
        body = msgspec.json.encode({"error": {"code": self.code, "message": self.message}})
        return Answer(body, self.status, headers=dict(self.headers))


def invalid(field_name: str, rule: str) -> Refusal:
    """400: a field breaks a rule."""
    return Refusal(400, "INVALID_REQUEST", f"{field_name}: {rule}")


def decode(decoder: "msgspec.json.Decoder[T]", body: bytes) -> T:
    """Decode a body, or refuse it with the field that is wrong."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        text, _, path = str(error).partition(" - at `$.")
        raise invalid(path.rstrip("`") or "body", text) from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal(400, "MALFORMED_JSON", f"body: {error}") from None


def encoded(value: Any, status: int = 200) -> Answer:
    """An answer from a value."""
    return Answer(msgspec.json.encode(value), status)
