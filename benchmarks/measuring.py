"""Windows of load, and what makes a run worthless."""

import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

import uvloop

from benchmarks.load import Exchange, load
from benchmarks.processes import cpu_seconds, family, megabytes, waited_seconds
from benchmarks.servers import Server

SATURATED = 0.9
"""The share of its core from which on a server, and nothing else, is the limit."""
DRIFT = 0.15


class Invalid(Exception):
    """The run says nothing; the text says why."""


@dataclass
class Window:
    """A window of load on one server. Milliseconds and megabytes; CPU over all the server's processes."""

    requests: int
    per_second: float
    per_cpu_second: float
    busy: float
    stub_busy: float
    p50: float
    p99: float
    memory: int
    memory_of_all: int


def window(server: Server, exchanges: list[Exchange], connections: int, seconds: float, stub: int) -> Window:
    """Loads a server for a time. Raises WrongAnswer."""
    main = server.process.popen.pid
    pids = [*family(main), *server.further]
    cpu, waited = cpu_seconds(pids), waited_seconds(main)
    stub_cpu, began = cpu_seconds([stub]) + waited_seconds(stub), time.perf_counter()
    run = uvloop.run(load(server.port, exchanges, connections, seconds))
    took = time.perf_counter() - began
    used = cpu_seconds(pids) - cpu
    latencies = sorted(run.latencies)
    return Window(
        requests=len(latencies),
        per_second=len(latencies) / took,
        per_cpu_second=len(latencies) / used,
        busy=(used + waited_seconds(main) - waited) / took,
        stub_busy=(cpu_seconds([stub]) + waited_seconds(stub) - stub_cpu) / took,
        p50=1000 * statistics.median(latencies),
        p99=1000 * latencies[int(0.99 * (len(latencies) - 1))],
        memory=megabytes([main]),
        memory_of_all=megabytes(pids),
    )


def lengths(shortest: float, latency: float) -> float:
    """How long a window lasts: at least ten times the slowest 99th percentile, in milliseconds."""
    return max(shortest, latency / 100)


def middle(windows: list[Window], name: str) -> float:
    """The median of a figure."""
    return float(statistics.median(getattr(each, name) for each in windows))


def summary(windows: list[Window]) -> dict[str, Any]:
    """Medians, the spread of the headline, and all rounds."""
    speeds = [each.per_cpu_second for each in windows]
    medians = {name: round(middle(windows, name), 2) for name in asdict(windows[0])}
    return {
        **medians,
        "lowest": round(min(speeds), 1),
        "highest": round(max(speeds), 1),
        "rounds": [round(each, 1) for each in speeds],
    }


def check_drift(what: str, windows: list[Window]) -> str | None:
    """Whether the machine changed beneath the run."""
    speeds = [each.per_cpu_second for each in windows]
    drift = (max(speeds) - min(speeds)) / statistics.median(speeds)
    return f"{what} drifted by {drift:.0%}: the machine is not quiet" if drift > DRIFT else None


def check_limit(what: str, windows: list[Window]) -> str | None:
    """Whether the server was the limit."""
    busy = middle(windows, "busy")
    return f"{what} was busy for {busy:.0%} only: stub or load are the limit" if busy < SATURATED else None
