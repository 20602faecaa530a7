"""What Prometheus is told of the stores, and of the mails that wait in that of the sessions."""

import asyncio
from collections.abc import Awaitable, Iterator, Mapping
from typing import Final, TypeVar

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector
from redis.exceptions import RedisError

from auth.errors import StoreUnavailable
from auth.mail_queue import MailQueue
from auth.outbox import Backlog
from gateway.counting import Histogram
from gateway.store_counts import BOUNDS
from gateway.store_sharing import SharingClient

SECONDS: Final = 1.0
"""The longest wait for what only a store can tell: Prometheus is to hear the rest in time."""

T = TypeVar("T")


class StoreNumbers(Collector):
    """Of `stores` by their names. What they don't tell in time is left out; that they don't is told."""

    def __init__(self, stores: Mapping[str, SharingClient], mails: MailQueue) -> None:
        self._stores = stores
        self._mails = mails
        self._up: dict[str, bool] = {}
        self._backlog: Backlog | None = None
        self._commands = Histogram(
            "leasegraph_store_command_seconds",
            "Plain commands to a store; outcome is ok, error, timeout, lost or refused.",
            ("store", "outcome"),
            BOUNDS,
        )
        for name, client in stores.items():
            for outcome, seconds in client.counts.outcomes().items():
                self._commands.adopt((name, outcome), seconds)

    async def look(self) -> None:
        """Asks them, all at once, before `collect` tells it."""
        answers, self._backlog = await asyncio.gather(
            asyncio.gather(*(_in_time(client.ping()) for client in self._stores.values())),
            _in_time(self._mails.backlog()),
        )
        self._up = {name: answer is not None for name, answer in zip(self._stores, answers, strict=True)}

    def collect(self) -> Iterator[Metric]:
        up = GaugeMetricFamily(
            "leasegraph_store_up", "1 if the store answered just now, else 0.", labels=("store",)
        )
        for name, answered in self._up.items():
            up.add_metric((name,), answered)
        yield up
        yield from self._commands.collect()
        connections = CounterMetricFamily(
            "leasegraph_store_connections",
            "Connections to a store for plain commands that were opened, or could not be.",
            labels=("store", "outcome"),
        )
        for name, client in self._stores.items():
            connections.add_metric((name, "opened"), client.counts.opened)
            connections.add_metric((name, "failed"), client.counts.failed)
        yield connections
        if self._backlog is not None:
            yield GaugeMetricFamily(
                "leasegraph_mails_waiting",
                "Credential mails that are promised and not sent; every worker tells of all: max, not sum.",
                value=self._backlog.mails,
            )
            yield GaugeMetricFamily(
                "leasegraph_mails_oldest_seconds",
                "Since when the oldest of them waits; every worker tells of the same: max, not sum.",
                value=self._backlog.oldest,
            )


async def _in_time(asked: Awaitable[T]) -> T | None:
    """The answer; None where there is none now."""
    try:
        async with asyncio.timeout(SECONDS):
            return await asked
    except (TimeoutError, RedisError, OSError, StoreUnavailable):
        return None
