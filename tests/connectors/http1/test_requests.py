"""What is sent, byte for byte, and what never is."""

import asyncio
from contextlib import AsyncExitStack

import pytest

from connectors.http import UpstreamClient, request_id
from connectors.http1.origin import origin
from tests.connectors.canned import listening
from tests.connectors.http1.wire import Wire, asking, saying, whole


async def test_a_request() -> None:
    async with saying(whole(b"")) as wire:
        host = wire.url.removeprefix("http://")
        async with asking(wire, api_key="key", headers={"X-Company": "7"}) as client:
            token = request_id.set("abc")
            await client.post("/v1/a%20b?c=%C4%85", b"{}", {"Idempotency-Key": "k"})
            request_id.reset(token)
            await client.get("/v1/c")
    assert wire.requests == [
        (
            1,
            b"POST /v1/a%%20b?c=%%C4%%85 HTTP/1.1\r\nHost: %b\r\nAccept: */*\r\nUser-Agent: leasegraph\r\n"
            b"Accept-Encoding: gzip, deflate\r\nX-Company: 7\r\nAuthorization: Bearer key\r\n"
            b"Content-Type: application/json\r\nIdempotency-Key: k\r\nX-Request-Id: abc\r\n"
            b"Content-Length: 2\r\n\r\n{}" % host.encode(),
        ),
        (
            1,
            b"GET /v1/c HTTP/1.1\r\nHost: %b\r\nAccept: */*\r\nUser-Agent: leasegraph\r\n"
            b"Accept-Encoding: gzip, deflate\r\nX-Company: 7\r\nAuthorization: Bearer key\r\n"
            b"X-Request-Id: -\r\n\r\n" % host.encode(),
        ),
    ]


async def test_a_path_before_the_path_and_a_password_in_the_url() -> None:
    async with saying(whole(b"")) as wire:
        url = wire.url.replace("http://127.0.0.1", "http://anna:p%40ss@LocalHost") + "/Ł/a%20b"
        async with asking(wire, url=url) as client:
            await client.get("/v1")
        head = wire.requests[0][1].decode()
    assert head.startswith("GET /%C5%81/a%20b/v1 HTTP/1.1\r\nHost: localhost:")
    assert "\r\nAuthorization: Basic YW5uYTpwQHNz\r\n" in head


async def test_a_request_s_own_header_goes_in_place_of_the_client_s() -> None:
    async with saying(whole(b"")) as wire, asking(wire, api_key="key") as client:
        await client.get("/v1", {"authorization": "AWS4 x"})
        head = wire.requests[0][1].lower()
    assert head.count(b"\r\nauthorization:") == 1
    assert b"\r\nauthorization: aws4 x\r\n" in head
    assert head.count(b"\r\nhost:") == 1


async def test_letters_of_any_language_are_sent_as_utf_8() -> None:
    async with saying(whole(b"")) as wire, asking(wire) as client:
        await client.get("/v1", {"X-Name": "Żółw"})
    assert "\r\nX-Name: Żółw\r\n".encode() in wire.requests[0][1]


BREAKS = ["a\r\nX: y", "a\nb", "a\rb", "a\0b", "a\x7fb", "a\x85b", "a\u2028b", "\ud800"]


@pytest.mark.parametrize("bad", BREAKS, ids=ascii)
async def test_nobody_breaks_out_of_a_header(bad: str) -> None:
    async with saying(whole(b"")) as wire, asking(wire) as client:
        for headers in ({"X-A": bad}, {bad: "a"}, {"X-A": "b", f"X-{bad}": "a"}):
            with pytest.raises(ValueError, match="header"):
                await client.get("/v1", headers)
        for path in (f"/v1{bad}", f"/v1?a={bad}"):
            with pytest.raises(ValueError, match="no path"):
                await client.get(path)
        token = request_id.set(bad)
        with pytest.raises(ValueError, match="header"):
            await client.get("/v1")
        request_id.reset(token)
        with pytest.raises(ValueError, match="header"):
            UpstreamClient("erp", wire.url, api_key=bad)
        assert wire.connections == 0


@pytest.mark.parametrize(
    "name",
    ["", "a b", "a:", "Host", "connection", "Transfer-Encoding", "Content-Length", "Upgrade", "Expect", "ż"],
)
async def test_what_a_request_is_framed_by_is_nobody_s_to_give(name: str) -> None:
    async with saying(whole(b"")) as wire, asking(wire) as client:
        with pytest.raises(ValueError, match="no header to give"):
            await client.post("/v1", b"", {name: "1"})


@pytest.mark.parametrize("path", ["v1", "", "/a b", "/ą", "//a\tb", "http://elsewhere.example.com/"])
async def test_what_is_no_path(path: str) -> None:
    async with saying(whole(b"")) as wire, asking(wire) as client:
        with pytest.raises(ValueError, match="no path"):
            await client.get(path)


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://erp.example.com", "erp.example.com"),
        ("http://erp.example.com:80", "erp.example.com"),
        ("https://erp.example.com:443/x", "erp.example.com"),
        ("http://ERP.example.com:443", "erp.example.com:443"),
        ("https://erp.example.com:80", "erp.example.com:80"),
        ("http://[2001:DB8::1]", "[2001:db8::1]"),
        ("http://[::1]:8000", "[::1]:8000"),
        ("http://żółw.example.com", "xn--w-uga1v8h.example.com"),
    ],
)
def test_the_host_is_named_with_a_port_that_is_not_the_scheme_s(url: str, host: str) -> None:
    """As a signature over the header has it (RFC 9110, 7.2)."""
    assert origin(url).authority == host


async def test_an_address_of_ipv6() -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heads.append(await reader.readuntil(b"\r\n\r\n"))
        writer.write(whole(b"a", b"Connection: close\r\n"))

    heads: list[bytes] = []
    async with AsyncExitStack() as stack:
        try:
            number = await stack.enter_async_context(listening(talk, at=("::1", 0)))
        except OSError:
            pytest.skip("no IPv6 here")
        client = await stack.enter_async_context(asking(Wire(f"http://[::1]:{number}")))
        assert await client.get("/v1") == b"a"
    assert b"\r\nHost: [::1]:%d\r\n" % number in heads[0]
