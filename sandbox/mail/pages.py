"""The mailbox as pages for people; no key: it is a demonstration's mailbox."""

import re
from html import escape
from urllib.parse import quote

import msgspec

from sandbox.exchange import Answer, Refusal, Request, invalid
from sandbox.mail.mailbox import Mailbox, Received

MOST_LISTED = 1_000
_URL = re.compile(r"(https?://[^\s<>\"']*[^\s<>\"'.,;:!?)])")
EMPTY = "<p>No messages yet. This page looks again every 15 seconds.</p>"
STYLE = """
:root { color-scheme: light dark; --line: #8884; --accent: #0b5cad; font: 16px/1.5 system-ui, sans-serif }
@media (prefers-color-scheme: dark) { :root { --accent: #7db8f5 } }
body { margin: 0 auto; max-width: 60rem; padding: 1rem 1.25rem 3rem }
header { display: flex; flex-wrap: wrap; align-items: baseline; justify-content: space-between; gap: 1rem }
h1 { font-size: 1.4rem; margin: .5rem 0; overflow-wrap: anywhere } h2 { font-size: 1.1rem }
a { color: var(--accent) }
form { display: flex; gap: .5rem; align-items: center }
input, button { font: inherit; padding: .35rem .6rem; border: 1px solid var(--line); border-radius: .4rem }
table { border-collapse: collapse; width: 100%; margin-top: 1rem }
th, td { text-align: left; padding: .5rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top }
td { overflow-wrap: anywhere }
td time { white-space: nowrap } dl { display: grid; grid-template-columns: max-content 1fr; gap: .2rem 1rem }
dt { font-weight: 600 } dd { margin: 0; overflow-wrap: anywhere }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: 1rem; font: inherit }
pre { border: 1px solid var(--line); border-radius: .5rem }
iframe { width: 100%; height: 36rem; border: 1px solid var(--line); border-radius: .5rem; background: #fff }
@media (max-width: 36rem) {
  thead { display: none } tr, td { display: block; border: 0 } td { padding: .1rem 0 }
  tr { padding: .6rem 0; border-bottom: 1px solid var(--line) }
}
"""
POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'"


class MailPages:
    """`/mail`, `/mail/{id}` and `/mail.json`."""

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
            "<table><thead><tr><th scope='col'>To</th><th scope='col'>Subject</th>"
            f"<th scope='col'>Received</th></tr></thead><tbody>{rows}</tbody></table>"
        )
        body = (
            f"<header><h1>Mailbox</h1><form action='/mail' role='search'><label for='to'>To</label>"
            f"<input id='to' name='to' type='search' value='{escape(to or '')}'><button>Show</button>"
            "</form></header>"
            f"<main>{table if messages else EMPTY}</main>"
        )
        return _html("Mailbox", body, "<meta http-equiv='refresh' content='15'>")

    def message(self, request: Request) -> Answer:
        """One message: its text, and its HTML in a frame that may do nothing."""
        key = request.path.removeprefix("/mail/")
        found: list[Received] = []
        if key.isascii() and key.isdigit() and len(key) <= 18:
            found = self._mailbox.received(None, MOST_LISTED, int(key))
        if not found:
            raise Refusal(404, "NOT_FOUND", "id: there is no such message")
        first = found[0]
        to = ", ".join(f"<a href='/mail?to={quote(each.to)}'>{escape(each.to)}</a>" for each in found)
        frame = ""
        if first.html is not None:
            frame = (
                "<h2>HTML</h2><iframe sandbox title='The message as HTML' referrerpolicy='no-referrer'"
                f' srcdoc="{escape(first.html)}"></iframe>'
            )
        body = (
            f"<nav><a href='/mail'>← Mailbox</a></nav>"
            f"<main><h1>{escape(first.subject) or '(no subject)'}</h1>"
            f"<dl><dt>From</dt><dd>{escape(first.sender)}</dd><dt>To</dt><dd>{to}</dd>"
            f"<dt>Received</dt><dd>{_time(first.received_at)}</dd></dl>"
            f"<pre>{_linked(first.text)}</pre>{frame}</main>"
        )
        return _html(first.subject or "Message", body)

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


def _html(title: str, body: str, head: str = "") -> Answer:
    text = (
        f"<!doctype html><html lang='en'><head><meta charset='utf-8'><title>{escape(title)}</title>{head}"
        f"<meta name='viewport' content='width=device-width'><style>{STYLE}</style></head>"
        f"<body>{body}</body></html>"
    )
    headers = {
        "content-security-policy": POLICY,
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
    }
    return Answer(text.encode(), media_type="text/html; charset=utf-8", headers=headers)
