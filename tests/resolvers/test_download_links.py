"""Whom a signed link is good for, and until when."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.downloads.links import PATH, DownloadLinks, LinkExpired
from resolvers.downloads.tickets import DocumentTicket, InvoiceTicket, ScheduleTicket, Ticket
from resolvers.language import Language
from resolvers.schedule_files.choice import ScheduleFormat
from resolvers.viewer import Asker, Role, Tool, Viewer

NOW = 1_795_000_000.7
ANNA = Viewer("0010001", "Anna", Role.OWNER, frozenset({"0010001", "0010002"}))
DOCUMENT = DocumentTicket("0010001", "0010001/invoice-1/Zażółć.pdf")
SCHEDULE = ScheduleTicket("0010002", "101", ScheduleFormat.XLSX, Language.EN)


def links(now: float = NOW, key: bytes = bytes(32)) -> DownloadLinks:
    return DownloadLinks(key, 300, lambda: now)


def token(ticket: Ticket = DOCUMENT, viewer: Asker = ANNA) -> str:
    return links().link(viewer, ticket).url.removeprefix(PATH)


@pytest.mark.parametrize("ticket", [DOCUMENT, SCHEDULE, InvoiceTicket("0010001", "68")])
def test_it_leads_to_what_it_was_made_for(ticket: Ticket) -> None:
    assert links().read(ANNA, token(ticket)) == ticket


def test_it_is_good_until_the_moment_that_it_tells() -> None:
    made = links().link(ANNA, DOCUMENT)
    moment = made.expires_at.timestamp()
    assert moment == int(NOW) + 300
    assert links(moment - 0.001).read(ANNA, made.url.removeprefix(PATH)) == DOCUMENT
    with pytest.raises(LinkExpired):
        links(moment).read(ANNA, made.url.removeprefix(PATH))


@pytest.mark.parametrize("now", [NOW, NOW + 301])
def test_to_others_it_is_no_link_not_even_an_expired_one(now: float) -> None:
    other = dataclasses.replace(ANNA, login="0010002")
    without = dataclasses.replace(ANNA, client_numbers=frozenset({"0010002"}))
    assert links(now).read(other, token()) is None
    assert links(now).read(without, token()) is None
    assert links(now, b"k" * 32).read(ANNA, token()) is None


def test_the_login_is_not_in_it() -> None:
    group = Viewer("7777777", "Zofia", Role.OWNER, frozenset({"0010001"}))
    assert token(viewer=group) != token()
    assert links().read(group, token(viewer=group)) == DOCUMENT
    assert links().read(ANNA, token(viewer=group)) is None


def test_a_tools_link_is_that_tools() -> None:
    """Also where a person's login is the same text as its id."""
    tool = Tool("0010001", "Helpdesk", frozenset())
    assert links().read(tool, token(viewer=tool)) == DOCUMENT
    assert links().read(ANNA, token(viewer=tool)) is None
    assert links().read(tool, token()) is None
    assert links().read(Tool("crm", "CRM", frozenset()), token(viewer=tool)) is None


@given(st.text(max_size=200))
def test_any_text_is_no_link(text: str) -> None:
    assert links().read(ANNA, text) is None
