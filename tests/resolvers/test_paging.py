"""Cursors go round; what is no cursor of this list is the caller's error; a page is a Relay connection."""

import base64
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.batch import Page
from connectors.erp.queries import Slice
from connectors.errors import MalformedRecord
from connectors.record import Record
from resolvers.errors import InputError
from resolvers.paging import Connection, Keyset


class Thing(Record, frozen=True):
    """What is listed here."""

    id: str
    at: datetime
    on: date


BY_DAY: Keyset[Thing] = Keyset("days", on=date, id=str)
BY_MOMENT: Keyset[Thing] = Keyset("moments", at=datetime, id=str)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
offsets = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
moments = st.datetimes(datetime(1, 1, 3), datetime(9999, 12, 29), timezones=offsets)  # noqa: DTZ001
things = st.builds(
    Thing, as_of=st.just(datetime(2026, 11, 22, tzinfo=UTC)), id=texts, at=moments, on=st.dates()
)


def opaque(value: Any) -> str:
    """As a cursor is made."""
    return base64.urlsafe_b64encode(msgspec.json.encode(value)).decode().rstrip("=")


@given(things)
def test_cursors_go_round(thing: Thing) -> None:
    for keyset in (BY_DAY, BY_MOMENT):
        position = keyset.position(thing)
        cursor = keyset.cursor(position)
        assert cursor.isascii()
        assert keyset.slice(1, cursor) == Slice(1, position)


@given(things, things)
def test_positions_of_moments_sort_like_time(one: Thing, other: Thing) -> None:
    """A back office may compare them as text."""
    (first, _), (second, _) = BY_MOMENT.position(one), BY_MOMENT.position(other)
    assert (first < second) == (one.at < other.at)
    assert len(first) == len("2026-11-22T10:00:00.000000Z")


@given(
    st.text(min_size=1, max_size=60)
    | st.binary(min_size=1).map(lambda raw: base64.urlsafe_b64encode(raw).decode())
)
def test_junk_is_the_caller_s_error(junk: str) -> None:
    for keyset in (BY_DAY, BY_MOMENT):
        with pytest.raises(InputError) as error:
            keyset.slice(1, junk)
        assert error.value.argument == "after"


@pytest.mark.parametrize(
    "junk",
    [
        opaque(["days", "2026-11-22"]),
        opaque(["days", "2026-11-22", "1", "2"]),
        opaque(["days", "2026-13-01", "1"]),
        opaque(["days", "22.11.2026", "1"]),
        opaque(["days", None, "1"]),
        opaque(["days", "2026-11-22", 1]),
        opaque(["days", ["2026-11-22"], "1"]),
        opaque(["moments", "2026-11-22T10:00:00Z", "1"]),
        opaque([]),
        opaque({"name": "days"}),
        opaque("days"),
        opaque(None),
        "ś" * 10,
        "\0",
        " ",
        "A",
        "A" * 100_000,
        base64.urlsafe_b64encode(b"[" * 100_000).decode(),
        base64.urlsafe_b64encode(b'["days", "\xff", "1"]').decode(),
    ],
    ids=lambda junk: junk[:20],
)
def test_what_another_list_or_nobody_gave(junk: str) -> None:
    with pytest.raises(InputError) as error:
        BY_DAY.slice(20, junk)
    assert error.value.argument == "after"
    assert len(str(error.value)) < 100


@pytest.mark.parametrize("moment", ["2026-11-22T10:00:00", "2026-11-22", "now", "9999-99-99T00:00:00Z", ""])
def test_a_moment_needs_its_offset(moment: str) -> None:
    with pytest.raises(InputError):
        BY_MOMENT.slice(20, opaque(["moments", moment, "1"]))


def test_first() -> None:
    assert BY_DAY.slice(None, None) == Slice(20)
    assert [BY_DAY.slice(first, None).first for first in (1, 20, 100)] == [1, 20, 100]
    for first in (0, -1, 101, 2**31 - 1):
        with pytest.raises(InputError) as error:
            BY_DAY.slice(first, None)
        assert error.value.argument == "first"
        assert str(first) in str(error.value)


def thing(number: int) -> Thing:
    moment = datetime(2026, 11, 22, tzinfo=UTC)
    return Thing(as_of=moment, id=str(number), at=moment, on=date(2026, 11, number))


async def count() -> int:
    return 17


def connection(items: list[Thing | MalformedRecord], part: Slice, **rest: Any) -> Connection[Thing]:
    return Connection(BY_DAY, part, Page(items, **rest), count)


def test_page_info() -> None:
    page = connection([thing(9), thing(8)], Slice(2), has_next=True, next=("2026-11-08", "8"))
    info = page.page_info
    assert (info.has_next_page, info.has_previous_page) == (True, False)
    assert [edge.cursor for edge in page.edges] == [info.start_cursor, info.end_cursor]
    assert [edge.node for edge in page.edges] == list(page.nodes)
    assert connection([], Slice(2, ("2026-11-08", "8"))).page_info == msgspec.structs.replace(
        info, has_next_page=False, has_previous_page=True, start_cursor=None, end_cursor=None
    )


def test_a_malformed_item_neither_repeats_nor_blocks() -> None:
    broken = MalformedRecord("erp", "thing 8", "no date")
    page = connection([thing(9), broken], Slice(2), has_next=True, next=("2026-11-08", "8"))
    assert [BY_DAY.slice(2, edge.cursor).after for edge in page.edges] == [("2026-11-09", "9")] * 2
    assert page.page_info.end_cursor == BY_DAY.cursor(("2026-11-08", "8"))
    on_top = connection([broken, thing(7)], Slice(2), next=("2026-11-07", "7"))
    assert BY_DAY.slice(2, on_top.edges[0].cursor).after is None
    behind = connection([broken], Slice(2, ("2026-11-09", "9")))
    assert BY_DAY.slice(2, behind.edges[0].cursor).after == ("2026-11-09", "9")


async def test_the_total_is_counted_when_asked_for() -> None:
    assert await connection([], Slice(2)).count() == 17
