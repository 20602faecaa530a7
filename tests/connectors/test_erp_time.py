"""RestErp in time: timeouts, deadlines, waiting for a connection, callers that leave."""

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import pytest

from connectors import deadline
from connectors.erp.rest import RestErp
from connectors.errors import MalformedRecord, UpstreamTimeout
from connectors.http import UpstreamClient
from connectors.record import Record
from tests.connectors.canned import listening, silence
from tests.harness.processes import API_KEY, Sandbox

CLIENTS = ("0010001", "0010007")


async def took(call: Awaitable[object]) -> tuple[float, BaseException | None]:
    began = time.monotonic()
    (result,) = await asyncio.gather(call, return_exceptions=True)
    return time.monotonic() - began, result if isinstance(result, BaseException) else None


@pytest.fixture
async def quick(switched: Sandbox) -> AsyncIterator[RestErp]:
    """A client that waits 0.6 s."""
    http = UpstreamClient("erp", switched.url, api_key=API_KEY, timeout=0.6)
    yield RestErp(http)
    await http.close()


@pytest.mark.parametrize("fault", [{"latencyMs": 3000}, {"mode": "hang"}], ids=str)
async def test_a_slow_answer_is_a_timeout(fault: dict[str, Any], quick: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/clients/get", **fault):
        seconds, error = await took(quick.clients_by_number(CLIENTS))
    assert isinstance(error, UpstreamTimeout)
    assert 0.5 < seconds < 2.5
    assert await quick.clients_by_number(CLIENTS)


async def test_a_server_that_never_speaks_is_a_timeout() -> None:
    async with listening(silence) as port:
        http = UpstreamClient("erp", f"http://127.0.0.1:{port}", timeout=0.2)
        seconds, error = await took(RestErp(http).health())
        await http.close()
    assert isinstance(error, UpstreamTimeout)
    assert seconds < 2.5


async def test_an_outer_deadline_wins(erp: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/clients/get", latencyMs=3000):
        with deadline.within(0.2):
            seconds, error = await took(erp.clients_by_number(CLIENTS))
        assert isinstance(error, UpstreamTimeout)
        assert seconds < 2.5
        with deadline.within(0.2), deadline.within(60):
            seconds, error = await took(erp.clients_by_number(CLIENTS))
        assert isinstance(error, UpstreamTimeout)
        assert seconds < 2.5, "an inner deadline must not lengthen the outer one"
    with deadline.within(0):
        _, error = await took(erp.clients_by_number(CLIENTS))
    assert isinstance(error, UpstreamTimeout)


async def test_the_client_s_timeout_wins_over_a_later_deadline(quick: RestErp, switched: Sandbox) -> None:
    with switched.fault("/v1/clients/get", latencyMs=3000), deadline.within(60):
        seconds, error = await took(quick.clients_by_number(CLIENTS))
    assert isinstance(error, UpstreamTimeout)
    assert seconds < 2.5


async def test_waiting_for_a_connection_counts(switched: Sandbox) -> None:
    http = UpstreamClient("erp", switched.url, api_key=API_KEY, timeout=0.4, connections=1)
    erp = RestErp(http)
    with switched.fault("/v1/clients/get", latencyMs=3000):
        calls = [took(erp.clients_by_number(CLIENTS)) for _ in range(4)]
        for seconds, error in await asyncio.gather(*calls):
            assert isinstance(error, UpstreamTimeout)
            assert seconds < 2.5
    assert await erp.clients_by_number(CLIENTS)
    await http.close()


async def test_cancelled_calls_mix_up_no_answers(switched: Sandbox) -> None:
    """Callers come and go; each that stays gets the answer to its own question."""
    http = UpstreamClient("erp", switched.url, api_key=API_KEY, timeout=10, connections=4)
    erp, chance = RestErp(http), random.Random(20261122)
    numbers = [f"00100{n:02d}" for n in range(1, 16)]
    fate: dict[str, int] = defaultdict(int)

    async def call() -> None:
        asked = chance.sample(numbers, 3)
        found = await erp.clients_by_number(asked)
        assert [client and number_of(client) for client in found] == asked
        fate["answered"] += 1

    async def caller() -> None:
        for _ in range(12):
            task = asyncio.create_task(call())
            if chance.random() < 0.5:
                await asyncio.sleep(chance.random() * 0.01)
                task.cancel()
            try:
                await task
            except asyncio.CancelledError:
                fate["cancelled"] += 1

    with switched.fault("/v1/clients/get", latencyMs=3, rate=0.5):
        await asyncio.gather(*(caller() for _ in range(30)))
    assert fate["answered"] > 100
    assert fate["cancelled"] > 50
    assert (await erp.clients_by_number([numbers[0]]))[0]
    await http.close()


def number_of(record: Record | MalformedRecord) -> str:
    return str(getattr(record, "number"))  # noqa: B009 - a MalformedRecord has none, and fails here
