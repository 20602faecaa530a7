"""MIME messages taken apart; whatever comes in, something readable comes out."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import NamedTuple


class Parsed(NamedTuple):
    """A message's parts; header names are lower-case, repeated ones are joined by commas."""

    subject: str
    text: str
    html: str | None
    attachments: list[dict[str, object]]
    headers: dict[str, str]


def parse(content: bytes) -> Parsed:
    """Take a message apart."""
    message = message_from_bytes(content, policy=default)
    assert isinstance(message, EmailMessage)  # noqa: S101 - the policy's factory
    headers: dict[str, str] = {}
    for name, value in message.items():
        key = name.lower()
        headers[key] = f"{headers[key]}, {_clean(value)}" if key in headers else _clean(value)
    html = _part(message, "html")
    return Parsed(
        headers.get("subject", ""), _part(message, "plain") or "", html, _attachments(message), headers
    )


def _part(message: EmailMessage, kind: str) -> str | None:
    try:
        part = message.get_body(preferencelist=(kind,))
        return None if part is None else _clean(part.get_content()).replace("\r\n", "\n")
    except (LookupError, ValueError, AttributeError, TypeError):
        # An unknown charset or a broken structure: show the bytes as they are.
        payload = message.get_payload(decode=True)
        return _clean(payload.decode("utf-8", "replace")) if isinstance(payload, bytes) else None


def _attachments(message: EmailMessage) -> list[dict[str, object]]:
    attachments: list[dict[str, object]] = []
    try:
        for part in message.iter_attachments():
            payload = part.get_payload(decode=True)
            size = len(payload) if isinstance(payload, bytes) else 0
            attachments.append(
                {"fileName": part.get_filename() or "", "mimeType": part.get_content_type(), "size": size}
            )
    except (LookupError, ValueError, AttributeError, TypeError):
        pass
    return attachments


def _clean(text: object) -> str:
    return str(text).encode("utf-8", "replace").decode().replace("\x00", "")
