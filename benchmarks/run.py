"""A whole measurement: everything started, checked, measured in turn, and ended."""

import json
import os
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import uvloop

from benchmarks import queries
from benchmarks.load import Exchange, WrongAnswer, exchange, load, once
from benchmarks.measuring import Invalid, Window, check_drift, check_limit, lengths, summary, window
from benchmarks.processes import cores
from benchmarks.servers import (
    CONNECTIONS,
    LOGIN,
    OTHER_LOGINS,
    OURS,
    Server,
    Started,
    machine,
    running,
    takes_part,
    versions,
)

BASE = "mercurius-jit"
"""Whose figures must not drift."""
MODES = ("delay", "cold", "varied", "denied")
IN_MODES = (OURS, "mercurius-jit", "yoga-jit", "apollo")
DELAY_MILLISECONDS = 20
DELAY_CONNECTIONS = 64

Windows = dict[tuple[str, str, int], list[Window]]
"""By server, query and connections."""


@dataclass(frozen=True)
class Extent:
    """How much is measured. Seconds."""

    rounds: int = 5
    window: float = 1.0
    warm_up: float = 4.0
    """Of each server and query, before the first round: Node.js's compilers take that long."""
    lead_in: float = 1.0
    """Before the first window of a server and query in a round: after a rest, that second is slower."""
    connections: tuple[int, ...] = (1, 16, 64)
    whole_latency: bool = True
    """Whether windows last ten times the 99th percentile."""


QUICK = Extent(rounds=1, window=0.5, warm_up=3.0, lead_in=0.5, connections=(16,), whole_latency=False)


@dataclass
class Measurement:
    """A run under way."""

    started: Started
    extent: Extent
    bodies: dict[tuple[str, str, str], bytes] = field(default_factory=dict)
    """The right answer by server, client and query."""
    windows: Windows = field(default_factory=dict)
    modes: dict[str, Windows] = field(default_factory=dict)

    @property
    def servers(self) -> list[Server]:
        """All that run."""
        return list(self.started.servers.values())

    def stub(self, path: str) -> int:
        """Tells the stub something, and how many reads it has had."""
        with urlopen(f"http://127.0.0.1:{self.started.stub_port}/-/{path}") as answer:
            return int(answer.read())

    def exchange(self, server: Server, query: str, client: str = LOGIN) -> Exchange:
        """A request and its right answer, which the server gave when it was asked alone."""
        return exchange(
            server.url, query, server.headers[client], self.bodies.get((server.name, client, query))
        )

    def learn(self, query: str, client: str = LOGIN) -> None:
        """Asks every server alone. Raises Invalid if their data differ."""
        reference: Any = None
        for server in self.servers:
            body = uvloop.run(once(server.port, self.exchange(server, query, client)))
            data = json.loads(body)
            reference = reference or data
            if "errors" in data:
                raise Invalid(f"{server.name} fails: {data['errors'][0]}")
            if data != reference:
                raise Invalid(f"{server.name} answers differently at {difference(reference, data)}")
            self.bodies[server.name, client, query] = body

    def check_calls(self) -> None:
        """Raises Invalid where a server reads more or less of the back office than another."""
        for server in self.servers:
            for name, query in queries.QUERIES.items():
                self.stub("calls")
                uvloop.run(once(server.port, self.exchange(server, query)))
                if (calls := self.stub("calls")) != queries.CALLS[name]:
                    raise Invalid(f"{server.name} reads the back office {calls} times for {name}")

    def prepare(self) -> None:
        """Every server warm and right."""
        for query in queries.QUERIES.values():
            self.learn(query)
        self.check_calls()
        for server in self.servers:
            for name, query in queries.QUERIES.items():
                exchanges = [self.exchange(server, query)]
                warm = window(server, exchanges, CONNECTIONS, self.extent.warm_up, self._stub_pid)
                for connections in self.extent.connections:
                    self._latency[server.name, name, connections] = warm.p99 * connections / CONNECTIONS

    def rounds(self) -> None:
        """Server after server, round after round."""
        for number in range(self.extent.rounds):
            for server in self.servers:
                if takes_part(server.name, CONNECTIONS, number):
                    for name, query in queries.QUERIES.items():
                        self._turn(server, name, [self.exchange(server, query)])
            told(f"round {number + 1} of {self.extent.rounds}")

    def _turn(self, server: Server, name: str, exchanges: list[Exchange]) -> None:
        """A server's windows of one query in one round."""
        self._lead_in(server, exchanges, CONNECTIONS)
        for connections in self.extent.connections:
            if takes_part(server.name, connections):
                self._measure(self.windows, server, name, exchanges, connections)

    def concurrency(self) -> int:
        """How many answers were right when clients and queries were mixed. Raises WrongAnswer."""
        asked = [*queries.QUERIES.values(), *queries.varied()[::8]]
        for client in OTHER_LOGINS:
            for query in asked[1:]:
                self.learn(query, client)
        for query in asked[2:]:
            self.learn(query)
        right = 0
        for server in self.servers:
            mixed = [
                self.exchange(server, query, client)
                for query in asked
                for client in (LOGIN, *OTHER_LOGINS)
                if query != queries.LARGE or client == LOGIN
            ]
            right += len(uvloop.run(load(server.port, mixed, 64, self.extent.window)).latencies)
        return right

    def mode(self, mode: str) -> None:
        """One of MODES, by a few servers."""
        windows = self.modes[mode] = {}
        servers = [server for server in self.servers if server.name in IN_MODES]
        if mode == "varied":
            for query in queries.varied():
                self.learn(query)
        self.stub(f"delay/{DELAY_MILLISECONDS if mode == 'delay' else 0}")
        for _ in range(min(3, self.extent.rounds)):
            for server in servers:
                for name, exchanges in self._mode_exchanges(mode, server).items():
                    connections = DELAY_CONNECTIONS if mode == "delay" else CONNECTIONS
                    half = len(exchanges) // 2 if mode == "cold" else 0  # what was seen isn't cold any more
                    self._lead_in(server, exchanges[:half] or exchanges, connections)
                    self._measure(windows, server, name, exchanges[half:], connections)
        self.stub("delay/0")
        told(f"mode {mode}")

    def _mode_exchanges(self, mode: str, server: Server) -> dict[str, list[Exchange]]:
        if mode == "delay":
            return {name: [self.exchange(server, query)] for name, query in queries.QUERIES.items()}
        if mode == "cold":
            small = self.bodies[server.name, LOGIN, queries.SMALL]
            return {"SMALL": [self.exchange(server, query)._replace(body=small) for query in queries.cold()]}
        if mode == "varied":
            return {"SMALL": [self.exchange(server, query) for query in queries.varied()]}
        if server.name == OURS:
            query = queries.denied(OTHER_LOGINS[0])
            body = uvloop.run(once(server.port, self.exchange(server, query)))
            if json.loads(body).get("data") != {"client": None}:
                raise Invalid(f"another client's data were shown: {body[:500]!r}")
            return {"foreign client": [self.exchange(server, query)._replace(body=body)]}
        return {}

    def _lead_in(self, server: Server, exchanges: list[Exchange], connections: int) -> None:
        """Load that nobody measures."""
        uvloop.run(load(server.port, exchanges, connections, self.extent.lead_in))

    def _measure(
        self, windows: Windows, server: Server, name: str, exchanges: list[Exchange], connections: int
    ) -> None:
        place = server.name, name, connections
        seconds = self.extent.window
        if self.extent.whole_latency:
            seconds = lengths(seconds, self._latency.get(place, 0))
        found = window(server, exchanges, connections, seconds, self._stub_pid)
        self._latency[place] = max(found.p99, self._latency.get(place, 0) if windows.get(place) else 0)
        windows.setdefault(place, []).append(found)

    def problems(self) -> list[str]:
        """What makes the run worthless."""
        found = [
            check_drift(f"{server} {query} at {connections}", windows)
            for (server, query, connections), windows in self.windows.items()
            if server == BASE and connections == CONNECTIONS
        ]
        found += [
            check_limit(f"{server} {query} at {connections}", windows)
            for (server, query, connections), windows in self.windows.items()
            if connections >= CONNECTIONS
        ]
        return [each for each in found if each]

    def __post_init__(self) -> None:
        self._stub_pid = self.started.stub.popen.pid
        self._latency: dict[tuple[str, str, int], float] = {}


def difference(one: Any, other: Any, place: str = "the root") -> str:
    """Where two answers part, and how."""
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        parts = ((key, one[key], other[key]) for key in one)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        parts = ((str(index), *pair) for index, pair in enumerate(zip(one, other, strict=True)))
    else:
        return f"{place}: {one!r:.300}, {other!r:.300}"
    return next(
        (difference(left, right, f"{place}.{key}") for key, left, right in parts if left != right), place
    )


def told(what: str) -> None:
    """A line for who waits."""
    sys.stderr.write(f"{time.strftime('%H:%M:%S')} {what}\n")
    sys.stderr.flush()


def as_json(windows: Windows) -> list[dict[str, Any]]:
    """Figures of each server, query and number of connections."""
    return [
        {"server": server, "query": query, "connections": connections, **summary(found)}
        for (server, query, connections), found in windows.items()
    ]


def measure(names: list[str], extent: Extent, modes: list[str]) -> dict[str, Any]:
    """The result of a whole run, with its `problems`. Raises Invalid and WrongAnswer."""
    began = datetime.now(UTC)
    where = cores()
    with tempfile.TemporaryDirectory() as folder, running(names, Path(folder), where) as found:
        os.sched_setaffinity(0, where.others)
        run = Measurement(found, extent)
        told(f"{len(names)} servers run")
        run.prepare()
        told("all are right and warm")
        run.rounds()
        right = run.concurrency()
        told("mixed clients")
        for mode in modes:
            run.mode(mode)
        return {
            "date": began.date().isoformat(),
            "machine": machine(),
            "minutes": round((datetime.now(UTC) - began).total_seconds() / 60, 1),
            "rounds": extent.rounds,
            "quick": not extent.whole_latency,
            "versions": versions(),
            "answers": {
                name: len(run.bodies[names[0], LOGIN, query]) for name, query in queries.QUERIES.items()
            },
            "right_answers_of_mixed_clients": right,
            "problems": run.problems(),
            "figures": as_json(run.windows),
            "modes": {mode: as_json(windows) for mode, windows in run.modes.items()},
        }


__all__ = ["MODES", "QUICK", "Extent", "Invalid", "WrongAnswer", "measure"]
