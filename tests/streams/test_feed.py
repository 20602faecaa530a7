"""Changes on their way to a subscription that is slower than they are."""

import asyncio
from typing import cast

import pytest

from connectors.erp.changes import Change
from gateway.graphql.parameters import RequestError
from gateway.identity import Credential
from gateway.streams.endings import MISSED
from gateway.streams.feed import MOST_WAITING, Feed
from gateway.streams.registry import Streams
from resolvers.following import Interest
from resolvers.viewer import Tool

ALL = Interest("invoices", None)
SOME = Interest("invoices", frozenset({"0010001"}))


def change(key: object, client: str | None = "0010001", collection: str = "invoices") -> Change:
    return Change(collection, str(key), client)


@pytest.mark.parametrize(
    ("told", "all_", "some"),
    [
        (change(1), True, True),
        (change(1, "0010002"), True, False),
        (change(1, None), True, False),
        (change(1, collection="requests"), False, False),
    ],
)
def test_what_an_interest_covers(told: Change, all_: bool, some: bool) -> None:
    assert (ALL.covers(told), SOME.covers(told)) == (all_, some)


async def test_an_object_waits_once_and_may_change_again_once_it_was_taken() -> None:
    feed = Feed()
    with feed.following(ALL, pytest.fail) as following:
        feed.tell([change(1), change(2), change(1)])
        assert (await following.next()).id == "1"
        feed.tell([change(2), change(1), change(3)])
        assert [(await following.next()).id for _ in range(3)] == ["2", "1", "3"]
        coming = asyncio.ensure_future(following.next())
        await asyncio.sleep(0)
        assert not coming.done()
        feed.tell([change(4)])
        assert (await coming).id == "4"


async def test_who_is_too_far_behind_is_ended() -> None:
    feed, overrun = Feed(), list[bool]()
    with feed.following(ALL, lambda: overrun.append(True)):
        feed.tell(change(number) for number in range(MOST_WAITING))
        feed.tell([change(0), change(1)])
        assert not overrun
        feed.tell([change(MOST_WAITING)])
        assert overrun
    feed.tell([change("after the end")])
    assert len(overrun) == 1


class Somebody:
    """A credential whose account is `tag`."""

    account = "tag"

    def __init__(self) -> None:
        self.looks = 0

    async def asker(self, *, touch: bool) -> Tool:
        assert not touch
        self.looks += 1
        return Tool("desk", "Desk", frozenset())


async def test_only_streams_of_the_account_are_looked_at() -> None:
    streams = Streams(3, 3600)
    mine, other, tool = Somebody(), Somebody(), Somebody()
    other.account, tool.account = "another", ""
    asker = Tool("desk", "Desk", frozenset())
    async with streams.watched():
        with (
            streams.opened(cast("Credential", mine), asker),
            streams.opened(cast("Credential", other), asker),
            streams.opened(cast("Credential", tool), asker) as stream,
        ):
            with pytest.raises(RequestError, match="limit"), streams.opened(cast("Credential", mine), asker):
                pass
            streams.look_again("tag")
            async with asyncio.timeout(20):
                while not (mine.looks and tool.looks):  # noqa: ASYNC110
                    await asyncio.sleep(0)
            assert (mine.looks, other.looks, tool.looks) == (1, 0, 1)
            streams.refuse(MISSED)
            assert stream.ended.result() is MISSED
            with pytest.raises(RequestError) as refused, streams.opened(cast("Credential", mine), asker):
                pass
            assert refused.value.status == 503
        streams.admit()
        with streams.opened(cast("Credential", mine), asker):
            pass
