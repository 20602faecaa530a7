"""An acknowledged password survives `kill -9` of gateway and store at any moment, and none is half set.

KILL_ROUNDS asks for more rounds than the few of every run, KILL_SEED for others.
"""

import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from tests.harness.person import Person
from tests.harness.processes import Gateway, Process, Sandbox, free_ports

ROUNDS = int(os.environ.get("KILL_ROUNDS", "4"))
SEED = int(os.environ.get("KILL_SEED", "20261122"))
ROUNDS_A_STORE = 4  # an account gets ten PIN mails an hour
LOGINS = [f"00100{number:02}" for number in range(3, 11)]

# Importing a gateway takes seconds, forking one that has been imported takes none.
NURSERY = """
import json, os, signal, sys
import gateway.cli.serve
from gateway.cli import main
signal.signal(signal.SIGCHLD, signal.SIG_IGN)
for line in sys.stdin:
    if (child := os.fork()) == 0:
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        os.dup2(2, 1)
        os.environ.update(json.loads(line))
        os._exit(main(["serve"]))
    print(child, flush=True)
"""


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator["subprocess.Popen[bytes]"]:
    with (
        (tmp_path / "log").open("wb") as log,
        subprocess.Popen(
            [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log
        ) as process,
    ):
        yield process
        process.kill()


def alive(pid: int) -> bool:
    """False for a zombie, too: nobody may be there to bury a store whose gateway is dead."""
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, check=False).stdout
    return bool(state.strip()) and not state.startswith(b"Z")


class ForkedGateway(Gateway):
    """The real one, started by fork, with the store that it carries."""

    def __init__(self, nursery: "subprocess.Popen[bytes]", folder: Path, sandbox: Sandbox) -> None:
        self._nursery = nursery
        self.pid = 0
        super().__init__(folder, sandbox)

    def _fork(self) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write(json.dumps(self._environment()).encode() + b"\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())

    def _start(self) -> Process:
        self.pid = self._fork()
        log = self.folder.parent / "log"
        give_up = time.monotonic() + 60
        while True:
            try:
                httpx2.get(f"{self.url}/healthz", timeout=1, trust_env=False)
                return Process(self._nursery, log)
            except httpx2.TransportError:
                if not alive(self.pid):
                    said = log.read_text()[-3000:]
                    # while it was down, the system may have lent its port to somebody's connection
                    assert "Address already in use" in said, said
                    time.sleep(0.1)
                    self.pid = self._fork()
                assert time.monotonic() < give_up, log.read_text()[-3000:]
                time.sleep(0.02)

    def kill(self, *, gateway: bool = True, store: bool = True) -> None:
        """With SIGKILL, and gone when it returns; what is dead already is passed over."""
        pids = [self.pid] * gateway
        if store:
            pids.append(int((self.folder / "state" / "valkey.pid").read_text()))
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        give_up = time.monotonic() + 20
        while any(alive(pid) for pid in pids):
            assert time.monotonic() < give_up
            time.sleep(0.002)


@dataclass
class Client:
    """One account: the password that holds, and the one that was on its way when all was killed."""

    login: str
    person: Person
    holds: str = ""
    offered: str = ""
    acknowledged: bool = False
    seen: list[str] = field(default_factory=list)

    def ask_for_pin(self, password: str) -> tuple[str, str]:
        """Up to the last step; the page and the PIN."""
        path = "/reset-password" if self.holds else "/first-login"
        before = len(self.person.pins(self.login))
        self.person.browser.get(path)  # where the flow that was killed is over, this says so and forgets it
        assert self.person.submit(path, login=self.login).status_code == 303
        answer = self.person.submit(path, password=password, password_again=password)
        assert answer.status_code == 303, answer.text
        self.offered, self.acknowledged = password, False
        return path, self.person.pin(self.login, newer_than=before, seconds=60)

    def confirm(self, path: str, pin: str, wait: float) -> None:
        """The last step, while everything dies."""
        time.sleep(wait)
        with suppress(httpx2.TransportError):
            answer = self.person.submit(path, pin=pin)
            self.acknowledged = answer.headers.get("location", "").startswith("/login?done=")

    def accepts(self, password: str) -> bool:
        answer = self.person.submit("/login", login=self.login, password=password)
        assert answer.status_code in (303, 422), answer.text
        return answer.status_code == 303

    def look(self) -> None:
        """Exactly one password works, and it is the new one where that was acknowledged."""
        new = self.accepts(self.offered)
        assert new or not self.acknowledged, f"{self.login}: an acknowledged password is lost"
        if self.holds:
            assert self.accepts(self.holds) is not new, f"{self.login}: both passwords work, or none"
        self.holds = self.offered if new else self.holds
        self.seen.append(("kept" if self.acknowledged else "new") if new else "old")


def test_no_acknowledged_password_is_lost(
    nursery: "subprocess.Popen[bytes]", tmp_path: Path, backoffice: Sandbox
) -> None:
    chance = random.Random(SEED)
    seen: list[str] = []
    with ThreadPoolExecutor(len(LOGINS)) as together:
        for first in range(0, ROUNDS, ROUNDS_A_STORE):
            folder = tmp_path / f"store-{first}"
            folder.mkdir()
            gateway = ForkedGateway(nursery, folder, backoffice)
            clients = [Client(login, Person(gateway, backoffice)) for login in LOGINS]
            try:
                for number in range(first, min(first + ROUNDS_A_STORE, ROUNDS)):
                    kill_round(gateway, clients, number, chance, together)
                    list(together.map(Client.look, clients))
            finally:
                gateway.kill()
                for each in clients:
                    each.person.browser.close()
            seen += [word for each in clients for word in each.seen]
    assert len(seen) == ROUNDS * len(LOGINS)
    assert "kept" in seen


def kill_round(
    gateway: ForkedGateway,
    clients: list[Client],
    number: int,
    chance: random.Random,
    together: ThreadPoolExecutor,
) -> None:
    """Everybody confirms a new password; in between gateway, store or both die, and are started anew."""
    asked = list(together.map(lambda each: each.ask_for_pin(f"Xk;{number:04}Qwv"), clients))
    what: Any = chance.choice(({"gateway": False}, {"store": False}, {}))
    confirming = [
        together.submit(each.confirm, path, pin, chance.uniform(0, 0.5))
        for each, (path, pin) in zip(clients, asked, strict=True)
    ]
    enough = 1 if number == 0 else chance.randrange(len(clients))  # answers before it happens
    while sum(each.done() for each in confirming) < enough:
        time.sleep(0.001)
    time.sleep(chance.uniform(0, 0.1))
    gateway.kill(**what)
    for each in confirming:
        each.result()
    gateway.kill(store=False)
    gateway.restart()


def test_a_promised_pin_is_sent_by_the_next_start(
    nursery: "subprocess.Popen[bytes]", tmp_path: Path, backoffice: Sandbox
) -> None:
    """The mail server was away, and the gateway was killed before it came back."""
    folder = tmp_path / "gateway"
    folder.mkdir()
    gateway = ForkedGateway(nursery, folder, backoffice)
    try:
        gateway.kill(store=False)
        there = gateway.settings["SMTP_URL"]
        gateway.settings["SMTP_URL"] = f"smtp://127.0.0.1:{free_ports(1)[0]}"
        gateway.restart()
        with Person(gateway, backoffice) as person:
            before = len(person.pins("0010011"))
            person.submit("/first-login", login="0010011")
            answer = person.submit("/first-login", password="Xk;0000Qwv", password_again="Xk;0000Qwv")
            assert answer.status_code == 303
            gateway.kill()
            gateway.settings["SMTP_URL"] = there
            gateway.restart()
            pin = person.pin("0010011", newer_than=before, seconds=60)
            answer = person.submit("/first-login", pin=pin)
            assert answer.headers["location"] == "/login?done=first"
    finally:
        gateway.kill()
