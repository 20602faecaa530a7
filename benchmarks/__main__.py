"""`python -m benchmarks`: LARGE and SMALL against the complete gateway. See README.md beside this file."""

import asyncio
import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

import httpx2

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox

LOGIN = "0010008"
SECONDS = 6.0
CONNECTIONS = 16

LARGE = """{ viewer { clients(first: 1) { nodes { number name contracts(first: 10) { nodes { number status
  invoices(first: 24) { nodes { number issueDate dueDate gross { amount currency } amountDue { amount } status
    allocations { kind amount { amount } bookedOn } } }
  schedule { version instalments { number dueDate capital { amount } interest { amount } gross { amount }
    outstandingCapitalAfter { amount } status } } } } } } } }"""

SMALL = """{ viewer { clients(first: 1) { nodes { invoices(first: 20) { nodes {
  number issueDate dueDate gross { amount currency } amountDue { amount } status } } } } } }"""


def cpu_seconds(pid: int) -> float:
    """User and system time that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    return os.sysconf("SC_CLK_TCK")


async def load(gateway: Gateway, cookies: dict[str, str], query: str) -> tuple[list[float], float, int]:
    """Latencies in seconds, CPU seconds of the gateway, and bytes of one answer."""
    headers = {"GraphQL-Require-Preflight": "1", "Accept": "application/graphql-response+json"}
    latencies: list[float] = []
    size = 0
    async with httpx2.AsyncClient(
        base_url=gateway.url, cookies=cookies, headers=headers, trust_env=False, timeout=30
    ) as client:
        end = time.monotonic() + SECONDS

        async def ask() -> None:
            nonlocal size
            while time.monotonic() < end:
                began = time.perf_counter()
                answer = await client.post("/graphql", json={"query": query})
                latencies.append(time.perf_counter() - began)
                if answer.status_code != 200 or b'"errors"' in answer.content:
                    raise RuntimeError(answer.text[:500])
                size = len(answer.content)

        before = cpu_seconds(gateway.process.popen.pid)
        await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
        return latencies, cpu_seconds(gateway.process.popen.pid) - before, size


def main() -> None:
    """Prints a Markdown table."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("sandbox", "gateway")]
        for place in places:
            place.mkdir()
        sandbox = Sandbox(places[0], "demo")
        gateway = Gateway(places[1], sandbox, ERP_TIMEOUT=30, REQUEST_TIMEOUT=60)
        try:
            with Person(gateway, sandbox) as person:
                person.first_login(LOGIN)
                person.log_in(LOGIN)
                cookies = dict(person.browser.cookies)
            out = sys.stdout.write
            out("| query | bytes | requests/s | median ms | p99 ms | requests per CPU-second |\n")
            out("|---|---|---|---|---|---|\n")
            for name, query in (("LARGE", LARGE), ("SMALL", SMALL)):
                latencies, cpu, size = asyncio.run(load(gateway, cookies, query))
                cuts = statistics.quantiles(latencies, n=100)
                out(
                    f"| {name} | {size} | {len(latencies) / SECONDS:.1f} | {cuts[49] * 1000:.1f} "
                    f"| {cuts[98] * 1000:.1f} | {len(latencies) / cpu:.1f} |\n"
                )
        finally:
            gateway.close()
            sandbox.close()


main()
