"""A master, a replica and a Sentinel that watches them, as real processes."""

import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError

from tests.harness.processes import free_ports

SERVICE = "leasing"
PASSWORD = "of the servers: p@ss/word"
PATIENCE = 60.0


class Replicated:
    """Servers by port. The Sentinel, with a quorum of itself, promotes the replica in need."""

    def __init__(self, binary: str, folder: Path) -> None:
        self._binary = binary
        self._folder = folder
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self.first, self.second, self.sentinel = free_ports(3)

    def client(self, port: int) -> Redis:
        """Of a server."""
        return Redis(port=port, password=PASSWORD)

    def start(self, port: int, *, replica_of: int | None = None) -> None:
        """A server, until it answers."""
        folder = self._folder / str(port)
        folder.mkdir(exist_ok=True)
        options = {
            "port": port, "bind": "127.0.0.1", "dir": folder, "appendonly": "yes", "save": "",
            "requirepass": PASSWORD, "masterauth": PASSWORD, "repl-diskless-sync-delay": 0,
            "logfile": folder / "log",
        }  # fmt: skip
        words = [str(word) for name, value in options.items() for word in (f"--{name}", value)]
        if replica_of is not None:
            words += ["--replicaof", "127.0.0.1", str(replica_of)]
        self._processes[port] = subprocess.Popen([self._binary, *words])
        self.until(lambda: self.client(port).ping())

    def watch(self) -> None:
        """Starts the Sentinel, until it knows the replica."""
        settings = self._folder / "sentinel.conf"
        settings.write_text(
            f"port {self.sentinel}\nbind 127.0.0.1\ndir {self._folder}\n"
            f"logfile {self._folder / 'sentinel.log'}\n"
            f"sentinel monitor {SERVICE} 127.0.0.1 {self.first} 1\n"
            f'sentinel auth-pass {SERVICE} "{PASSWORD}"\n'
            f"sentinel down-after-milliseconds {SERVICE} 500\nsentinel failover-timeout {SERVICE} 3000\n"
        )
        self._processes[self.sentinel] = subprocess.Popen([self._binary, str(settings), "--sentinel"])
        with Redis(port=self.sentinel) as sentinel:
            self.until(lambda: sentinel.sentinel_master(SERVICE)["num-slaves"] == 1)

    def kill(self, port: int) -> None:
        """With SIGKILL."""
        self._processes[port].kill()
        self._processes[port].wait(20)

    def until(self, holds: Callable[[], object]) -> None:
        """Waits until a question about a server, which may be away, is answered by yes."""
        give_up = time.monotonic() + PATIENCE
        while True:
            try:
                if holds():
                    return
            except RedisError:
                pass
            assert time.monotonic() < give_up
            time.sleep(0.02)

    def close(self) -> None:
        """Ends what runs."""
        for each in self._processes.values():
            each.kill()
            each.wait(20)


@contextmanager
def replicated(binary: str, folder: Path) -> Iterator[Replicated]:
    """All of them, in step with each other."""
    servers = Replicated(binary, folder)
    try:
        servers.start(servers.first)
        servers.start(servers.second, replica_of=servers.first)
        servers.until(lambda: servers.client(servers.first).info("replication")["connected_slaves"] == 1)
        servers.watch()
        yield servers
    finally:
        servers.close()
