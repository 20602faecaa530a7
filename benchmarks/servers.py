"""The servers under test: ours as users run it, the peers of `peers/`, and what could be without GraphQL."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from benchmarks.processes import Cores, pinned
from tests.harness.person import Person
from tests.harness.processes import API_KEY, ENGINES, Gateway, Process, Sandbox, free_ports, start

PEERS = Path(__file__).parent / "peers"
LOGIN = "0010008"
OTHER_LOGINS = ("0010001", "0010002", "0010004")
"""Further clients, by whom it shows if an answer goes to the wrong one."""


@dataclass
class Server:
    """A running server. `headers` says, for each client, who asks."""

    name: str
    port: int
    process: Process
    headers: dict[str, dict[str, str]]
    further: tuple[int, ...] = ()
    """Processes of its own that do not descend from it."""

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"


class Peer(NamedTuple):
    """How a peer is run. `switches` are environment variables."""

    title: str
    folder: str
    switches: tuple[str, ...] = ()
    everywhere: bool = True
    """Measured at all numbers of connections, not at 16 only."""
    slow: bool = False
    """Measured in every other round, since its windows are long."""


OURS = "leasegraph"
TITLES = {
    OURS: "**Leasegraph**, complete",
    "leasegraph-graphql-core": "Leasegraph, graphql-core as the engine",
}
BARE = {
    "apollo": Peer("Apollo Server 5", "apollo"),
    "yoga": Peer("GraphQL Yoga 5", "yoga", everywhere=False),
    "yoga-jit": Peer("GraphQL Yoga 5 + jit", "yoga", ("JIT",)),
    "mercurius": Peer("Mercurius 16", "mercurius", everywhere=False),
    "mercurius-jit": Peer("Mercurius 16 + jit, DataLoader", "mercurius", ("JIT",)),
    "mercurius-jit-loaders": Peer("Mercurius 16 + jit, its loaders", "mercurius", ("JIT", "LOADERS")),
    "ariadne": Peer("Ariadne", "ariadne", everywhere=False, slow=True),
    "strawberry": Peer("Strawberry as documented", "strawberry", everywhere=False, slow=True),
    "node-ceiling": Peer("no GraphQL, node:http", "node_ceiling"),
    "asgi": Peer("no GraphQL, raw ASGI", "asgi_ceiling"),
    "asgi-ceiling": Peer("no GraphQL, raw ASGI, corked", "asgi_ceiling", ("CORKED",)),
}
TITLES |= {name: peer.title for name, peer in BARE.items()}
DEFAULT = (OURS, *BARE)
CONNECTIONS = 16
"""At which everything is measured."""


def takes_part(name: str, connections: int, number: int = 0) -> bool:
    """Whether a server is measured at so many connections in a round, which count from 0."""
    peer = BARE.get(name)
    return peer is None or (
        (peer.everywhere or connections == CONNECTIONS) and not (peer.slow and number % 2)
    )


def _bare(name: str, peer: Peer, folder: Path, back_office: str) -> Server:
    (port,) = free_ports(1)
    place = PEERS / peer.folder
    if (place / "server.mjs").exists():
        command = [_node(), str(place / "server.mjs")]
    else:
        command = [sys.executable, "-m", f"benchmarks.peers.{peer.folder}.server"]
    environment = {
        "PORT": str(port), "BACK_OFFICE_URL": back_office, "BACK_OFFICE_KEY": API_KEY,
        "NODE_ENV": "production", **dict.fromkeys(peer.switches, "1"),
    }  # fmt: skip
    process = start(command, folder / f"{name}.log", environment, f"http://127.0.0.1:{port}/")
    return Server(name, port, process, {each: {"Client-Number": each} for each in (LOGIN, *OTHER_LOGINS)})


def _ours(name: str, folder: Path, sandbox: Sandbox, back_office: str, engine: str) -> Server:
    place = folder / name
    place.mkdir()
    gateway = Gateway(
        place,
        sandbox,
        ERP_URL=back_office,
        ERP_TIMEOUT=30,
        REQUEST_TIMEOUT=60,
        SHARE_READS="no",
        ENGINE=engine,
    )
    headers = {}
    for login in (LOGIN, *OTHER_LOGINS):
        with Person(gateway, sandbox) as person:
            person.enter(login)
            cookies = "; ".join(f"{key}={value}" for key, value in person.browser.cookies.items())
        headers[login] = {"Cookie": cookies, "GraphQL-Require-Preflight": "1"}
    valkey = int((place / "state" / "valkey.pid").read_text())
    return Server(name, gateway.port, gateway.process, headers, (valkey,))


class Started(NamedTuple):
    """Everything that runs."""

    servers: dict[str, Server]
    stub: Process
    stub_port: int


@contextmanager
def running(names: list[str], folder: Path, where: Cores) -> Iterator[Started]:
    """Sandbox, stub and servers, each in a process, ended with the block. Raises KeyError for no server."""
    with ExitStack() as stack:
        with pinned(where.others):
            (folder / "sandbox").mkdir()
            sandbox = Sandbox(folder / "sandbox", "demo")
            stack.callback(sandbox.close)
            (port,) = free_ports(1)
            url = f"http://127.0.0.1:{port}"
            command = [sys.executable, "-m", "benchmarks.stub", str(port), sandbox.url]
            stub = start(command, folder / "stub.log", {}, f"{url}/-/calls")
            stack.callback(stub.stop)
        servers = {}
        for name in names:
            with pinned(where.server):
                if name in BARE:
                    server = _bare(name, BARE[name], folder, url)
                else:
                    engine = ENGINES[name != OURS]
                    server = _ours(name, folder, sandbox, url, engine)
            servers[name] = server
            stack.callback(server.process.stop)
        yield Started(servers, stub, port)


def _node_version() -> str:
    told = subprocess.run([_node(), "--version"], capture_output=True, text=True, check=True)
    return told.stdout.strip().removeprefix("v")


def _node() -> str:
    found = shutil.which("node")
    if found is None:
        raise RuntimeError("the peers need Node.js: run them by `make bench`")
    return found


def versions() -> dict[str, str]:
    """Versions of what is measured, by package."""
    lock = json.loads((PEERS / "package-lock.json").read_text())["packages"]
    found = {"python": sys.version.split()[0], "node": _node_version()}
    for name in (
        "strawberry-graphql",
        "graphql-core",
        "uvicorn",
        "uvloop",
        "httptools",
        "ariadne",
        "aiohttp",
        "httpx",
    ):
        found[name] = version(name)
    for name in ("@apollo/server", "graphql-yoga", "mercurius", "fastify", "graphql", "undici"):
        found[name] = lock[f"node_modules/{name}"]["version"]
    found["graphql-jit"] = " and ".join(
        sorted(
            {each["version"] for place, each in lock.items() if place.endswith("node_modules/graphql-jit")}
        )
    )
    return found


def machine() -> str:
    """What kind of machine this is: processor and number of cores."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        os.uname().machine,
    )
    return f"{model}, {os.cpu_count()} cores"
