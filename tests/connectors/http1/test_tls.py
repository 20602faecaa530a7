"""TLS: who is trusted, and what is told of those who aren't."""

import asyncio
import ssl
from collections.abc import Iterator

import pytest

from connectors.contract_tests.servers import a_web_page
from connectors.errors import UpstreamTimeout, UpstreamUnavailable
from connectors.http1 import connecting
from connectors.tls import UnsafeServer
from tests.connectors.canned import listening, silence
from tests.connectors.http1.wire import OK, Wire, asking, saying, then_hang_up, whole
from tests.harness.mail_servers import Certificates, certify


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Certificates:
    return certify(tmp_path_factory.mktemp("certificates"))


@pytest.fixture
def context(certificates: Certificates) -> ssl.SSLContext:
    context = certificates.server_context()
    context.set_alpn_protocols(["h2", "http/1.1"])
    return context


@pytest.fixture
def trusted(certificates: Certificates, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The machine trusts the authority."""
    monkeypatch.setenv("SSL_CERT_FILE", str(certificates.authority))
    connecting.trusting.cache_clear()
    yield
    connecting.trusting.cache_clear()


@pytest.mark.usefixtures("trusted")
async def test_a_server_that_is_trusted(context: ssl.SSLContext) -> None:
    named: list[str | None] = []
    context.sni_callback = lambda _socket, name, _context: named.append(name)
    agreed: list[str | None] = []
    large = b"x" * 3_000_000

    async def say(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        agreed.append(writer.get_extra_info("ssl_object").selected_alpn_protocol())
        writer.write(whole(large))
        await writer.drain()

    async with saying(say, encrypted=context) as wire, asking(wire) as client:
        for _ in range(3):
            assert await client.post("/a", b"y" * 300_000) == large
        assert wire.connections == 1
    assert (named, agreed[0]) == (["localhost"], "http/1.1")


@pytest.mark.usefixtures("trusted")
async def test_an_address_in_the_certificate(context: ssl.SSLContext) -> None:
    async with saying(whole(b"a"), encrypted=context) as wire:
        wire.url = wire.url.replace("localhost", "127.0.0.1")
        async with asking(wire) as client:
            assert await client.get("/a") == b"a"


@pytest.mark.usefixtures("trusted")
async def test_answers_end_and_break_off_as_without(context: ssl.SSLContext) -> None:
    until_the_end, cut = then_hang_up(OK + b"\r\nabc"), then_hang_up(OK + b"Content-Length: 9\r\n\r\nabc")
    async with saying(until_the_end, cut, whole(b"d"), encrypted=context) as wire, asking(wire) as client:
        assert await client.post("/a", b"") == b"abc"
        with pytest.raises(UpstreamUnavailable):
            await client.post("/b", b"")
        assert await client.post("/c", b"") == b"d"


async def refused(wire: Wire, why: str) -> None:
    async with asking(wire) as client:
        with pytest.raises(UnsafeServer, match=why) as caught:
            await client.read("/a", b"secret")
    assert not caught.value.sent
    assert "127.0.0" not in str(caught.value), "an error names an address"
    assert wire.requests == []


async def test_a_server_that_nobody_vouches_for_is_not_asked_again(certificates: Certificates) -> None:
    tried = 0

    def count(*_: object) -> None:
        nonlocal tried
        tried += 1

    context = certificates.server_context()
    context.sni_callback = count
    async with saying(whole(b"a"), encrypted=context) as wire:
        await refused(wire, "certificate is not trusted")
    assert tried == 1


@pytest.mark.usefixtures("trusted")
async def test_a_certificate_of_another_host(context: ssl.SSLContext) -> None:
    wire = Wire("", whole(b"a"))
    async with listening(wire.talk, context, at=("127.0.0.2", 0)) as number:
        wire.url = f"https://127.0.0.2:{number}"
        await refused(wire, "it is for another host")


async def test_a_server_without_tls() -> None:
    async with listening(a_web_page) as number:
        await refused(Wire(f"https://127.0.0.1:{number}"), "no TLS")


async def test_a_server_that_shakes_no_hand() -> None:
    """Nothing was sent to it, and that is said."""
    async with listening(silence) as number:
        wire = Wire(f"https://127.0.0.1:{number}")
        async with asking(wire, timeout=0.3) as client:
            with pytest.raises(UpstreamTimeout) as caught:
                await client.post("/a", b"")
            assert not caught.value.sent
