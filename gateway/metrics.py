"""Numbers for Prometheus: how calls to systems, operations and requests ended, and what they took.

Each worker counts for itself (ADR 0031).
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Final, get_args

from prometheus_client import CollectorRegistry, Counter, ProcessCollector
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from starlette.requests import ClientDisconnect

from connectors.resilience import Guard, State
from connectors.resilience.call import CANCELLED, OK
from gateway.counting import Histogram, Tally
from gateway.streams.registry import Streams

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

    def watch(self, guards: Mapping[str, Guard], streams: Streams) -> None:
        """Systems by name: their calls are counted from now on, their state is looked at when it is asked
        for. Once only."""
        for name, guard in guards.items():
            guard.observe = _Calls(self._calls, self._retries, name)
        self.registry.register(_Now(guards, streams))

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


class _Now(Collector):
    """What is read when it is asked for, and costs nothing before."""

    def __init__(self, guards: Mapping[str, Guard], streams: Streams) -> None:
        self._guards = guards
        self._streams = streams

    def collect(self) -> Iterable[GaugeMetricFamily]:
        return self._families()

    def _families(self) -> Iterator[GaugeMetricFamily]:
        circuits = GaugeMetricFamily(
            "leasegraph_system_circuit", "1 for the state that a system's circuit is in.",
            labels=("system", "state"),
        )  # fmt: skip
        under_way = GaugeMetricFamily(
            "leasegraph_system_calls_under_way", "Calls that a system works on.", labels=("system", "kind")
        )
        waiting = GaugeMetricFamily(
            "leasegraph_system_calls_waiting", "Calls that wait for their turn.", labels=("system", "kind")
        )
        for name, guard in self._guards.items():
            for state in get_args(State):
                circuits.add_metric((name, state), float(guard.circuit == state))
            for kind, slots in (("call", guard.calls), ("stream", guard.streams)):
                under_way.add_metric((name, kind), slots.inside)
                waiting.add_metric((name, kind), slots.waiting)
        yield from (circuits, under_way, waiting)
        yield GaugeMetricFamily(
            "leasegraph_streams_open", "Open WebSockets and event streams.", value=self._streams.count
        )
