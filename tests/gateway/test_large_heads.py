"""What a request says before its body is bounded, whoever sends it; what browsers send is far below."""

import select
import socket
from contextlib import suppress

import httpx2

from tests.harness.processes import Gateway

ASKED = b'{"query":"{ __typename }"}'
HEAD = b"POST /graphql HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
MEGABYTES = 5 * 2**20


def connected(gateway: Gateway) -> socket.socket:
    return socket.create_connection(("127.0.0.1", gateway.port), timeout=30)


def refused(gateway: Gateway, begin: bytes) -> bytes:
    """What is answered to a head that goes on and on; nothing where the connection was reset."""
    with connected(gateway) as connection, suppress(ConnectionError):
        connection.sendall(begin)
        for _ in range(MEGABYTES // 16_384):
            connection.sendall(b"x" * 16_384)
            if select.select([connection], [], [], 0)[0]:
                return connection.recv(4096)
        raise AssertionError("the gateway takes it all")
    return b""


def test_a_head_that_goes_on_and_on_is_refused(gateway: Gateway) -> None:
    for begin in (b"GET /", HEAD + b"Accept: ", HEAD + b"Cookie: a=", HEAD + b"x"):
        answer = refused(gateway, begin)
        assert answer.startswith(b"HTTP/1.1 431 ") or not answer
    headers = {"Content-Type": "application/json", "Cookie": f"a={'x' * 30_000}"}
    answered = httpx2.post(f"{gateway.url}/graphql", content=ASKED, headers=headers, trust_env=False)
    assert answered.json() == {"data": {"__typename": "Query"}}


def test_a_head_behind_a_large_body_is_no_large_head(gateway: Gateway) -> None:
    """Sent together, as a proxy may."""
    padded = ASKED + b" " * 200_000
    one = HEAD + b"Content-Length: %d\r\n\r\n" % len(padded) + padded
    with connected(gateway) as connection:
        connection.sendall(one * 3)
        answers = b""
        while answers.count(b'"__typename":"Query"') < 3:
            part = connection.recv(65_536)
            assert part, answers
            answers += part
    assert answers.count(b"HTTP/1.1 200 OK") == 3
