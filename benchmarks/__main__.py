"""`python -m benchmarks`: LARGE and SMALL against the complete gateway. See README.md beside this file."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

LOGIN = "0010008"
ENGINES = ("compiled", "graphql-core")
ROUNDS = 5
SECONDS = 4.0
CONNECTIONS = 16

LARGE = """{ viewer { clients(first: 1) { nodes { number name contracts(first: 10) { nodes { number status
  invoices(first: 24) { nodes { number issueDate dueDate gross { amount currency } amountDue { amount } status
    allocations { kind amount { amount } bookedOn } } }
  schedule { version instalments { number dueDate capital { amount } interest { amount } gross { amount }
    outstandingCapitalAfter { amount } status } } } } } } } }"""

SMALL = """{ viewer { clients(first: 1) { nodes { invoices(first: 20) { nodes {
  number issueDate dueDate gross { amount currency } amountDue { amount } status } } } } } }"""


QUERIES = {"LARGE": LARGE, "SMALL": SMALL}


@dataclass
class Load:
    """A window of load: latencies in seconds, and requests per CPU-second of the gateway alone."""

    latencies: list[float]
    per_cpu_second: float
    answer: bytes


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def resident_megabytes(pid: int) -> int:
    """Memory that a process holds."""
    return int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") >> 20


async def load(gateway: Gateway, cookies: dict[str, str], query: str) -> Load:
    """A window of load. Any answer that is not the first one's like is an error."""
    headers = {"GraphQL-Require-Preflight": "1", "Accept": "application/graphql-response+json"}
    async with httpx2.AsyncClient(
        base_url=gateway.url, cookies=cookies, headers=headers, trust_env=False, timeout=60
    ) as client:
        expected = (await client.post("/graphql", json={"query": query})).content
        latencies: list[float] = []
        end = time.monotonic() + SECONDS

        async def ask() -> None:
            while time.monotonic() < end:
                began = time.perf_counter()
                answer = await client.post("/graphql", json={"query": query})
                latencies.append(time.perf_counter() - began)
                if answer.status_code != 200 or b'"errors"' in answer.content or answer.content != expected:
                    raise RuntimeError(answer.text[:500])

        before = cpu_seconds(gateway.process.popen.pid)
        await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
        used = cpu_seconds(gateway.process.popen.pid) - before
        return Load(latencies, len(latencies) / used, expected)


def row(name: str, engine: str, rounds: list[Load], base: float, memory: int) -> str:
    """A line of the table: medians over the rounds."""
    speeds = [each.per_cpu_second for each in rounds]
    cuts = statistics.quantiles([latency for each in rounds for latency in each.latencies], n=100)
    return (
        f"| {name} | {engine} | {len(rounds[0].answer)} | {statistics.median(speeds):.0f} "
        f"({min(speeds):.0f}–{max(speeds):.0f}) | {statistics.median(speeds) / base:.1f} "
        f"| {cuts[49] * 1000:.1f} | {cuts[98] * 1000:.1f} | {memory} |\n"
    )


def main() -> None:
    """Prints a Markdown table."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        places = {name: Path(folder) / name for name in ("sandbox", *ENGINES)}
        for place in places.values():
            place.mkdir()
        sandbox = Sandbox(places["sandbox"], "demo")
        stack.callback(sandbox.close)
        gateways: dict[str, tuple[Gateway, dict[str, str]]] = {}
        for engine in ENGINES:
            gateway = Gateway(places[engine], sandbox, ERP_TIMEOUT=30, REQUEST_TIMEOUT=60, ENGINE=engine)
            stack.callback(gateway.close)
            with Person(gateway, sandbox) as person:
                person.first_login(LOGIN)
                person.log_in(LOGIN)
                gateways[engine] = gateway, dict(person.browser.cookies)
        found: dict[tuple[str, str], list[Load]] = {}
        for _ in range(ROUNDS):
            for name, query in QUERIES.items():
                for engine, (gateway, cookies) in gateways.items():
                    found.setdefault((name, engine), []).append(asyncio.run(load(gateway, cookies, query)))
        out = sys.stdout.write
        out("| query | engine | bytes | requests per CPU-second | ratio | median ms | p99 ms | MB |\n")
        out("|---|---|---|---|---|---|---|---|\n")
        for name in QUERIES:
            answers = {each.answer for engine in ENGINES for each in found[name, engine]}
            if len(answers) != 1:
                raise RuntimeError(f"{name}: the engines answer differently")
            base = statistics.median(each.per_cpu_second for each in found[name, ENGINES[-1]])
            for engine in ENGINES:
                memory = resident_megabytes(gateways[engine][0].process.popen.pid)
                out(row(name, engine, found[name, engine], base, memory))


main()
