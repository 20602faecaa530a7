"""The mailbox as pages for people; no key: it is a demonstration's mailbox."""

import re
from html import escape
from pathlib import Path
from urllib.parse import quote

import msgspec

from sandbox.exchange import Answer, Refusal, Request, invalid
from sandbox.mail.mailbox import Mailbox, Received

MOST_LISTED = 1_000
_URL = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])")
EMPTY = "<p class='sheet'>No messages yet.</p>"
_HERE = Path(__file__).parent
_HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
_POLICY = (
    "default-src 'none'; style-src 'self'; img-src data:; script-src 'self'; connect-src 'self'; "
    "frame-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# A message brings its own styles, and may do nothing else, wherever it is opened.
_MESSAGE_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


class MailPages:
    """`/mail`, `/mail/{id}` with `/mail/{id}.html`, `/mail.json`, and what the pages load."""

    def __init__(self, mailbox: Mailbox) -> None:
        """Shows `mailbox`."""
        self._mailbox = mailbox

    def index(self, request: Request) -> Answer:
        """The list, newest first; `?to=` shows one address."""
        to = request.query.get("to") or None
        messages = self._mailbox.received(to, 200)
        rows = "".join(
            f"<tr><td>{escape(each.to)}</td>"
            f"<td><a href='/mail/{each.id}'>{escape(each.subject) or '(no subject)'}</a></td>"
            f"<td>{_time(each.received_at)}</td></tr>"
            for each in messages
        )
        table = (
            "<div class='sheet table'><table><thead><tr><th scope='col'>To</th><th scope='col'>Subject</th>"
            f"<th scope='col'>Received</th></tr></thead><tbody>{rows}</tbody></table></div>"
        )
        count = f"{len(messages)} message{'' if len(messages) == 1 else 's'}"
        shown = f"{count} to {escape(to)}" if to else count
        form = (
            "<form action='/mail' role='search'><label for='to'>To</label>"
            f"<input id='to' name='to' type='search' value='{escape(to or '')}' autocomplete='off'"
            " spellcheck='false'><button>Show</button></form>"
        )
        body = (
            f"<h1>Mailbox</h1><p class='soft' id='count' role='status'>{shown}</p>"
            f"<div id='messages'>{table if messages else EMPTY}</div>"
        )
        return _html("Mailbox", form, body, "<script type='module' src='/mail.js'></script>")

    def message(self, request: Request) -> Answer:
        """One message: its text, and its HTML in a frame that may do nothing; or what the frame holds."""
        key, _, kind = request.path.removeprefix("/mail/").partition(".")
        found: list[Received] = []
        if key.isascii() and key.isdigit() and len(key) <= 18 and kind in ("", "html"):
            found = self._mailbox.received(None, MOST_LISTED, int(key))
        if not found or (kind and found[0].html is None):
            raise Refusal(404, "NOT_FOUND", "id: there is no such message")
        first = found[0]
        if kind:
            return Answer(
                (first.html or "").encode(),
                media_type="text/html; charset=utf-8",
                headers={**_HEADERS, "content-security-policy": _MESSAGE_POLICY},
            )
        to = ", ".join(f"<a href='/mail?to={quote(each.to)}'>{escape(each.to)}</a>" for each in found)
        frame = ""
        if first.html is not None:
            frame = (
                "<h2>HTML</h2><iframe sandbox title='The message as HTML' referrerpolicy='no-referrer'"
                f" src='/mail/{first.id}.html'></iframe>"
            )
        body = (
            f"<h1>{escape(first.subject) or '(no subject)'}</h1>"
            f"<dl><dt>From</dt><dd>{escape(first.sender)}</dd><dt>To</dt><dd>{to}</dd>"
            f"<dt>Received</dt><dd>{_time(first.received_at)}</dd></dl>"
            f"<h2>Text</h2><div class='sheet'><pre>{_linked(first.text)}</pre></div>{frame}"
        )
        return _html(first.subject or "Message", "", body)

    def style(self, request: Request) -> Answer:
        """The style sheet."""
        del request
        return _file("mailbox.css", "text/css")

    def script(self, request: Request) -> Answer:
        """What shows new messages without a reload."""
        del request
        return _file("mailbox.js", "text/javascript")

    def listing(self, request: Request) -> Answer:
        """JSON for tests and tools: one row a recipient, newest first."""
        limit = request.query.get("limit", "100")
        if not (limit.isascii() and limit.isdigit() and len(limit) <= 4 and 1 <= int(limit) <= MOST_LISTED):
            raise invalid("limit", "must be 1 to 1000")
        rows = [
            {
                "id": str(each.id), "to": each.to, "from": each.sender, "subject": each.subject,
                "text": each.text,
                "html": each.html, "received_at": each.received_at,
            }
            for each in self._mailbox.received(request.query.get("to") or None, int(limit))
        ]  # fmt: skip
        return Answer(msgspec.json.encode(rows))


def _linked(text: str) -> str:
    """Escaped text whose addresses can be followed: what the HTML holds cannot be, in its frame."""
    parts = _URL.split(text)  # text and addresses in turn
    return "".join(
        f"<a href='{escape(part)}' rel='noreferrer'>{escape(part)}</a>" if place % 2 else escape(part)
        for place, part in enumerate(parts)
    )


def _time(moment: str) -> str:
    return f"<time datetime='{moment}'>{moment[:10]} {moment[11:19]} UTC</time>"


def _file(name: str, media_type: str) -> Answer:
    body = (_HERE / name).read_bytes()
    return Answer(body, media_type=f"{media_type}; charset=utf-8", headers=dict(_HEADERS))


def _html(title: str, tools: str, body: str, head: str = "") -> Answer:
    text = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>"
        "<meta name='viewport' content='width=device-width, initial-scale=1'>"
        f"<link rel='icon' href='data:,'><link rel='stylesheet' href='/mail.css'>{head}</head><body>"
        f"<header><div class='bar'><p class='brand'><a href='/mail'>The sandbox</a></p>{tools}</div>"
        f"</header><main>{body}</main></body></html>"
    )
    headers = {**_HEADERS, "content-security-policy": _POLICY}
    return Answer(text.encode(), media_type="text/html; charset=utf-8", headers=headers)
