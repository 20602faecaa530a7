"""Numbers for Prometheus: how calls to systems, operations and requests ended, and what they took.

Each worker counts for itself (ADR 0031).
"""

import time
from collections.abc import Callable, Iterable, Mapping
from types import TracebackType
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Metric, ProcessCollector
from starlette.requests import ClientDisconnect

from connectors.resilience import Guard
from connectors.resilience.call import CANCELLED, OK
from gateway.counting import Histogram, Tally
from gateway.gauges import Gauges
from gateway.store_numbers import StoreNumbers

SECONDS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
"""Bounds of the histograms' buckets."""


class Metrics:
    """Of one process, in a registry of its own."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        self._calls = Histogram(
            "leasegraph_system_call_seconds",
            "Calls to a system, retries and waiting included; outcome is ok, an error's code, or cancelled.",
            ("system", "outcome"),
            SECONDS,
        )
        self.registry.register(self._calls)
        self._retries = Counter(
            "leasegraph_system_retries", "Further attempts of calls to a system.", ("system",),
            registry=self.registry,
        )  # fmt: skip
        self._operations = Histogram(
            "leasegraph_operation_seconds",
            "GraphQL operations, events of subscriptions among them.",
            ("type", "outcome"),
            SECONDS,
        )
        self.registry.register(self._operations)
        requests = Tally(
            "leasegraph_http_requests", "HTTP requests and WebSockets, without probes, by status.", "status"
        )
        self.registry.register(requests)
        self.request: Final[Callable[[int], None]] = requests.add
        """One was answered so; 0 is one whose client hung up before."""
        self._stores: StoreNumbers | None = None

    def watch(self, guards: Mapping[str, Guard]) -> None:
        """Systems by name: their calls are counted from now on."""
        for name, guard in guards.items():
            guard.observe = _Calls(self._calls, self._retries, name)

    def show(self, tell: Callable[[], Iterable[Metric]]) -> None:
        """From now on also what `tell` says whenever Prometheus asks."""
        self.registry.register(Gauges(tell))

    def show_stores(self, stores: StoreNumbers) -> None:
        """From now on also theirs, for which they are asked at each time. Once only."""
        self.registry.register(stores)
        self._stores = stores

    async def look(self) -> None:
        """Asks for what takes a while, within bounds; what is not answered then is left out."""
        if self._stores is not None:
            await self._stores.look()

    def operation(self) -> "Measured":
        """Measures one, as a block."""
        return Measured(self._operations)


class Measured:
    """An operation. It counts once `kind` is set: what is not allowed here is asked for elsewhere.

    `outcome`: ok; errors (some fields have none of their values); refused (nothing was run); failed (by the
    gateway's own fault); else its client hung up.
    """

    __slots__ = ("_all", "_began", "kind", "outcome")

    def __init__(self, operations: Histogram) -> None:
        self._all = operations
        self._began = time.perf_counter()
        self.kind = ""
        self.outcome = CANCELLED

    def __enter__(self) -> "Measured":
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        if isinstance(error, Exception) and not isinstance(error, ClientDisconnect):
            self.outcome = "failed"  # the audit can't be written, say
        if self.kind:
            self._all.labels(self.kind, self.outcome).observe(time.perf_counter() - self._began)


class _Calls:
    """Counts those of one system: see `connectors.resilience.call.Observe`."""

    __slots__ = ("_all", "_retries", "_system")

    def __init__(self, calls: Histogram, retries: Counter, system: str) -> None:
        self._all = calls
        self._retries = retries.labels(system)
        self._system = system
        calls.labels(system, OK)  # there from the start

    def __call__(self, outcome: str, seconds: float, attempts: int) -> None:
        self._all.labels(self._system, outcome).observe(seconds)
        if attempts > 1:
            self._retries.inc(attempts - 1)
