"""When a connection serves another request, and when never: nobody gets what another asked for."""

import asyncio
import contextlib
import os
import socket
import threading
import time

import pytest
import uvloop

from connectors.errors import UpstreamUnavailable
from connectors.http1 import pool
from connectors.http1.client import Client
from connectors.http1.errors import BrokenOff
from tests.connectors.canned import listening
from tests.connectors.http1.wire import GIVE_UP, OK, Wire, asking, saying, then_hang_up, whole


async def test_one_connection_after_another_and_no_more_than_allowed() -> None:
    """The guard bounds them; those that are there are used again, the last one first."""
    gate = asyncio.Event()

    async def gated(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(whole(b"a"))

    async with saying(gated) as wire, asking(wire, connections=3) as client:
        calls = [asyncio.create_task(client.post("/a", b"")) for _ in range(20)]
        await wire.until(lambda: len(wire.requests) == 3)
        gate.set()
        assert await asyncio.gather(*calls) == [b"a"] * 20
        assert (wire.connections, wire.most_open) == (3, 3)
        seen = len(wire.requests)
        for _ in range(5):
            await client.post("/a", b"")
        assert len({number for number, _ in wire.requests[seen:]}) == 1


async def test_what_is_said_unasked_answers_nothing() -> None:
    """Even an answer that a server sends a moment after the one that was asked for."""
    go = asyncio.Event()

    async def twice(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(whole(b"first"))
        await go.wait()
        writer.write(whole(b"the first client's"))
        await writer.drain()

    async with saying(twice, whole(b"second")) as wire, asking(wire) as client:
        assert await client.post("/a", b"") == b"first"
        go.set()
        await wire.until(lambda: wire.open == 0)
        assert await client.post("/b", b"") == b"second"


@pytest.mark.parametrize("more", [whole(b"the first client's"), b""], ids=["speaks", "hangs up"])
async def test_the_socket_is_looked_at_before_it_is_used_again(more: bytes) -> None:
    """The event loop has not come to read what lies there, and the next request is on its way."""
    said = threading.Event()

    def serve(listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            first, _ = listener.accept()
            first.recv(65536)
            first.sendall(whole(b"first"))
            time.sleep(0.05)
            if more:
                first.sendall(more)
            else:
                first.shutdown(socket.SHUT_WR)
            said.set()
            second, _ = listener.accept()
            second.recv(65536)
            second.sendall(whole(b"second"))
            second.recv(65536)
            first.close()
            second.close()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(GIVE_UP)
        thread = threading.Thread(target=serve, args=(listener,))
        thread.start()
        wire = Wire(f"http://127.0.0.1:{listener.getsockname()[1]}")
        async with asking(wire) as client:
            assert await client.post("/a", b"") == b"first"
            assert said.wait(GIVE_UP)  # while the event loop stands still
            assert await client.post("/b", b"") == b"second"
        thread.join()


async def test_a_connection_that_the_server_gave_up_is_no_failure() -> None:
    """Not even of a write, which is never sent twice."""
    async with saying(then_hang_up(whole(b"first")), whole(b"second")) as wire, asking(wire) as client:
        assert await client.post("/a", b"") == b"first"
        await wire.until(lambda: wire.open == 0)
        assert await client.post("/b", b"") == b"second"
        assert len(wire.requests) == 2


async def test_a_write_that_may_have_arrived_is_not_made_again() -> None:
    async with saying(whole(b"a"), then_hang_up(b""), whole(b"c")) as wire, asking(wire) as client:
        await client.post("/a", b"")
        with pytest.raises(UpstreamUnavailable) as caught:
            await client.post("/b", b"")
        assert caught.value.sent
        assert [request.split()[1] for _, request in wire.requests] == [b"/a", b"/b"]


@pytest.mark.parametrize("more", [whole(b"the first client's"), b""], ids=["speaks", "hangs up"])
def test_a_write_that_had_not_left_is_made_by_another_connection(more: bytes) -> None:
    """The server ends a connection while the write waits for the turn of the event loop."""
    writers: list[asyncio.StreamWriter] = []
    gate = asyncio.Event()

    async def wait(_: asyncio.StreamReader, __: asyncio.StreamWriter) -> bool:
        await gate.wait()
        return False

    async def first(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        writer.write(whole(b"first"))

    def end() -> None:
        with socket.socket(fileno=os.dup(writers[0].get_extra_info("socket").fileno())) as server:
            if more:
                server.send(more)
            else:
                server.shutdown(socket.SHUT_WR)

    async def check() -> None:
        async with saying(wait, first, whole(b"second")) as wire, asking(wire) as client:
            waiting = asyncio.create_task(client.get("/"))  # who is alone does not wait
            await wire.until(lambda: len(wire.requests) == 1)
            assert await client.post("/a", b"") == b"first"
            write = asyncio.create_task(client.post("/b", b""))
            asyncio.get_running_loop().call_soon(end)
            assert await write == b"second"
            assert [request.split()[1] for _, request in wire.requests] == [b"/", b"/a", b"/b"]
            waiting.cancel()
            gate.set()
            await wire.until(lambda: wire.open < wire.connections)

    uvloop.run(check())  # it reads once more before the writes of a turn leave


async def test_a_question_is_asked_again() -> None:
    async with saying(whole(b"a"), then_hang_up(b""), whole(b"c")) as wire, asking(wire) as client:
        await client.post("/a", b"")
        assert await client.read("/b", b"") == b"c"
        assert [request.split()[1] for _, request in wire.requests] == [b"/a", b"/b", b"/b"]


@pytest.mark.parametrize("greeting", [b"220 ready\r\n", b""], ids=["speaks", "hangs up"])
async def test_a_server_that_speaks_first_answers_nothing(greeting: bytes) -> None:
    async def greet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        writer.close()
        await reader.read()

    async with listening(greet) as number, asking(Wire(f"http://127.0.0.1:{number}")) as client:
        for _ in range(5):
            with pytest.raises(UpstreamUnavailable):
                await client.post("/a", b"")


async def test_who_is_not_connected_has_sent_nothing() -> None:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        wire = Wire(f"http://127.0.0.1:{held.getsockname()[1]}")
        for url in (wire.url, "http:/no-host", "http://a..b"):
            async with asking(wire, url=url) as client:
                with pytest.raises(UpstreamUnavailable) as caught:
                    await client.post("/a", b"")
                assert not caught.value.sent, url


@pytest.mark.parametrize("head", [b"", OK, OK + b"Content-Length: 9\r\n\r\nab"], ids=["head", "body", "end"])
async def test_who_leaves_takes_the_connection_along(head: bytes) -> None:
    async def begun(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        await writer.drain()

    async with saying(begun, whole(b"second")) as wire, asking(wire, connections=1) as client:
        first = asyncio.create_task(client.post("/a", b""))
        await wire.until(lambda: len(wire.requests) == 1)
        for _ in range(20):
            await asyncio.sleep(0)
        first.cancel()
        assert await client.post("/b", b"") == b"second"
        with pytest.raises(asyncio.CancelledError):
            await first
        await wire.until(lambda: (wire.open, wire.connections) == (1, 2))


async def test_connections_do_not_rest_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool, "IDLE", 0.05)
    gate = asyncio.Event()

    async def gated(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await gate.wait()
        writer.write(whole(b"a"))

    async with saying(gated) as wire, asking(wire) as client:
        calls = [asyncio.create_task(client.post("/a", b"")) for _ in range(3)]
        await wire.until(lambda: wire.open == 3)
        gate.set()
        await asyncio.gather(*calls)
        await wire.until(lambda: wire.open == 0)
        assert await client.post("/a", b"") == b"a"


async def test_at_the_end_all_are_closed() -> None:
    async with saying(whole(b"a"), whole(b"b"), b"") as wire, asking(wire, connections=2) as client:
        await asyncio.gather(client.post("/a", b""), client.post("/a", b""))
        busy = asyncio.create_task(client.post("/b", b""))
        await wire.until(lambda: len(wire.requests) == 3)
        await client.close()
        await wire.until(lambda: wire.open == 0)
        for call in (busy, client.post("/c", b"")):
            with pytest.raises(UpstreamUnavailable):
                await call


async def test_a_reader_who_stays_too_long_reads_nothing_of_others() -> None:
    """His answer is over, whatever its connection carries now, and he can't close that of another."""
    go_on = asyncio.Event()

    async def slow(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"Content-Length: 6\r\n\r\n")
        await go_on.wait()
        writer.write(b"second")

    async with saying(whole(b"first"), slow, OK + b"Content-Length: 9\r\n\r\nab") as wire:
        client = Client(wire.url, {}, connections=1, timeout=GIVE_UP, largest=1 << 20, unread=1 << 10)
        first = await client.open("GET", "/a", {})
        assert await first.answer.part() == b"first"
        assert await first.answer.part() == b""
        first.close()
        second = await client.open("GET", "/b", {})
        first.close()
        go_on.set()
        assert await second.answer.part() == b"second"
        assert await first.answer.part() == b""
        second.close()
        third = await client.open("GET", "/c", {})
        third.close()
        with pytest.raises(BrokenOff):
            await third.answer.part()
        assert wire.connections == 1
        await client.close()
