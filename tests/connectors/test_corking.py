"""Corked transports, of real sockets: what is written leaves with the turn of the event loop."""

import asyncio
import socket
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import pytest
import uvloop

from connectors.corking import MOST, Corked, corked

Run: TypeAlias = Callable[[Coroutine[Any, Any, None]], None]


@pytest.fixture(params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
def run(request: pytest.FixtureRequest) -> Iterator[Run]:
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run


@contextmanager
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    here, there = socket.socketpair()
    with here, there:
        there.setblocking(False)
        yield here, there


async def made(here: socket.socket, *, alone: bool = False) -> Corked:
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_connection(asyncio.Protocol, sock=here)
    return corked(transport, loop, lambda: alone)


def come(there: socket.socket) -> bytes | None:
    """What has arrived; None for nothing, empty for the end."""
    try:
        return there.recv(2 * MOST)
    except BlockingIOError:
        return None


def test_it_leaves_with_the_turn_in_order(run: Run) -> None:
    async def check() -> None:
        with pair() as (here, there), pair() as (also_here, also_there):
            one, other = await made(here), await made(also_here)
            one.write(b"a")
            other.write(b"b")
            one.write(b"c")
            assert (come(there), come(also_there)) == (None, None)
            assert one.get_write_buffer_size() == 2
            await asyncio.sleep(0)
            assert (come(there), come(also_there)) == (b"ac", b"b")
            assert one.get_write_buffer_size() == 0
            one.write(b"d")
            await asyncio.sleep(0)
            assert come(there) == b"d"
            one.close()
            other.close()

    run(check())


def test_much_leaves_at_once(run: Run) -> None:
    """Else whoever writes without end would not be told to wait."""

    async def check() -> None:
        with pair() as (here, there):
            one = await made(here)
            one.write(b"head")
            one.write(bytes(MOST))
            assert come(there) == b"head" + bytes(MOST)
            one.close()

    run(check())


def test_what_was_written_is_sent_before_the_end(run: Run) -> None:
    async def check() -> None:
        with pair() as (here, there), pair() as (also_here, also_there):
            one, other = await made(here), await made(also_here)
            one.write(b"last")
            one.close()
            other.write(b"half")
            other.write_eof()
            for _ in range(3):
                await asyncio.sleep(0)
            assert (come(there), come(there)) == (b"last", b"")
            assert (come(also_there), come(also_there)) == (b"half", b"")
            other.close()

    run(check())


def test_nothing_written_is_no_trouble(run: Run) -> None:
    """asyncio's own `writelines` keeps an empty part, in Python 3.12 to 3.13.0, and tries on and on."""

    async def check() -> None:
        with pair() as (here, there):
            one = await made(here)
            one.write(b"head")
            one.write(b"")
            await asyncio.sleep(0)
            assert come(there) == b"head"
            one.close()
            for _ in range(3):
                await asyncio.sleep(0)
            assert come(there) == b""

    run(check())


def test_whoever_writes_a_lot_in_parts_is_told_to_wait(run: Run) -> None:
    class Writer(asyncio.Protocol):
        paused = False

        def pause_writing(self) -> None:
            self.paused = True

    async def check() -> None:
        with pair() as (here, _):
            loop = asyncio.get_running_loop()
            transport, writer = await loop.create_connection(Writer, sock=here)
            one = corked(transport, loop, lambda: False)
            for _ in range(1000):
                if writer.paused:
                    break
                one.write(bytes(MOST // 4))
                one.write(bytes(MOST // 4))
                await asyncio.sleep(0)
            assert writer.paused
            one.abort()
            await asyncio.sleep(0)

    run(check())


def test_who_is_gone_is_sent_nothing_and_others_are(run: Run) -> None:
    async def check() -> None:
        with pair() as (here, there), pair() as (also_here, also_there):
            one, other = await made(here), await made(also_here)
            one.write(b"never")
            other.write(b"b")
            one.abort()
            await asyncio.sleep(0)
            one.write(b"never")
            for _ in range(3):
                await asyncio.sleep(0)
            assert (come(there), come(also_there)) == (b"", b"b")
            other.close()

    run(check())


def test_who_is_alone_does_not_wait(run: Run) -> None:
    async def check() -> None:
        with pair() as (here, there):
            one = await made(here, alone=True)
            one.write(b"a")
            assert come(there) == b"a"
            one.close()

    run(check())
