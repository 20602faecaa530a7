"""What is read when Prometheus asks, and costs nothing or next to nothing before."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final, get_args

from prometheus_client import Metric
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.registry import Collector

from auth.oidc.paths import INTROSPECT, REVOKE, TOKEN
from auth.service import Auth
from connectors.caching.reading import CachedReading
from connectors.resilience import Guard, State
from gateway.graphql.under_way import UnderWay
from gateway.streams.registry import Streams

ALARMING: Final = (
    *(("login", result) for result in ("logged in", "refused", "locked", "barred")),
    *((f"{purpose}.pin", result) for purpose in ("first", "reset") for result in ("wrong", "locked")),
    *(("tokens.reuse", token) for token in ("code", "refresh token")),
    *(("client.refused", path) for path in (TOKEN, INTROSPECT, REVOKE)),
)
"""Entries of the audit, by event and result, that are counted from 0: an alert would not see the first one
come."""


class Gauges(Collector):
    """What `tell` says at each time."""

    def __init__(self, tell: Callable[[], Iterable[Metric]]) -> None:
        self._tell = tell

    def collect(self) -> Iterable[Metric]:
        return self._tell()


def of_systems(guards: Mapping[str, Guard], streams: Streams) -> Iterator[Metric]:
    """Circuits and queues by system, and who listens."""
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
    for name, guard in guards.items():
        for state in get_args(State):
            circuits.add_metric((name, state), float(guard.circuit == state))
        for kind, slots in (("call", guard.calls), ("stream", guard.streams)):
            under_way.add_metric((name, kind), slots.inside)
            waiting.add_metric((name, kind), slots.waiting)
    yield from (circuits, under_way, waiting)
    yield GaugeMetricFamily(
        "leasegraph_streams_open", "Open WebSockets and event streams.", value=streams.count
    )


def of_large_queries(under_way: UnderWay) -> Iterator[Metric]:
    """Those that take turns."""
    yield GaugeMetricFamily(
        "leasegraph_large_queries_cost", "Cost of the large queries that have a turn.", value=under_way.cost
    )
    yield GaugeMetricFamily(
        "leasegraph_large_queries_waiting", "Large queries that wait for their turn.", value=under_way.waiting
    )
    yield CounterMetricFamily(
        "leasegraph_large_queries_impatient",
        "Large queries that waited for half of their time and ran without a turn.",
        value=under_way.impatient,
    )


def of_auth(auth: Auth) -> Iterator[Metric]:
    """Entries of the audit, mails, hashes, sessions that were recalled."""
    entries = CounterMetricFamily(
        "leasegraph_audit_entries", "Entries that went into the audit, by event and result.",
        labels=("event", "result"),
    )  # fmt: skip
    for labels, count in (dict.fromkeys(ALARMING, 0) | dict(auth.audit.written)).items():
        entries.add_metric(labels, count)
    mails = CounterMetricFamily(
        "leasegraph_mails", "Credential mails sent or given up, and tries that failed before another.",
        labels=("outcome",),
    )  # fmt: skip
    for outcome, count in auth.mail_queue.outcomes.items():
        mails.add_metric((outcome,), count)
    passwords = auth.passwords
    hashes = CounterMetricFamily(
        "leasegraph_password_hashes", "Password hashes that were begun, or refused since too many waited.",
        labels=("outcome",),
    )  # fmt: skip
    hashes.add_metric(("begun",), passwords.hashed)
    hashes.add_metric(("refused",), passwords.refused)
    yield from (entries, mails, hashes)
    yield GaugeMetricFamily(
        "leasegraph_password_hashes_under_way",
        "Password hashes that a thread works on.",
        value=passwords.under_way,
    )
    yield GaugeMetricFamily(
        "leasegraph_password_hashes_waiting",
        "Password hashes that wait for a thread.",
        value=passwords.waiting,
    )
    yield CounterMetricFamily(
        "leasegraph_sessions_recalled",
        "Requests whose session or token the store was not asked for, having just told of it.",
        value=auth.recalled,
    )


def of_cache(readings: Iterable[CachedReading]) -> Iterator[Metric]:
    """How what was looked for in the cache was answered."""
    counts: Counter[tuple[str, str]] = Counter()
    for reading in readings:
        for outcome, count in reading.outcomes.items():
            counts[reading.system, outcome] += count
    family = CounterMetricFamily(
        "leasegraph_cache_answers",
        "Answers looked for in the cache, by system: hit, miss, stale, or away.",
        labels=("system", "outcome"),
    )
    for labels, count in counts.items():
        family.add_metric(labels, count)
    yield family
