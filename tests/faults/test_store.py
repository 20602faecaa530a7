"""The store is killed while passwords are set: what was acknowledged holds, and all goes on by itself."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx2

from tests.faults.conftest import House
from tests.gateway.test_killed import Client
from tests.harness.person import Person

LOGINS = ("0010006", "0010007", "0010008", "0010010")


def test_acknowledged_passwords_hold_and_the_gateway_goes_on(house: House) -> None:
    clients = [Client(login, Person(house.gateway, house.office)) for login in LOGINS]
    with ThreadPoolExecutor(len(clients)) as together:
        asked = list(together.map(lambda each: each.ask_for_pin("Xk;0001Qwv"), clients))
        confirming = [
            together.submit(each.confirm, path, pin, 0.15 * number)
            for number, (each, (path, pin)) in enumerate(zip(clients, asked, strict=True))
        ]
        while not any(each.done() for each in confirming):
            time.sleep(0.001)
        _kill_store(house)
        for each in confirming:
            each.result()
    _wait(lambda: _is_ready(house))
    for client in clients:
        client.look()
        if client.seen == ["old"]:  # not acknowledged, and not set: begun anew it is
            client.person.first_login(client.login)
        client.person.browser.close()
    assert "kept" in {word for client in clients for word in client.seen}
    assert house.gateway.command("audit", "verify").returncode == 0


def test_it_is_started_again_though_that_failed_at_first(house: House) -> None:
    """No file could be opened, say."""
    turn = house.gateway.folder / "state" / "turn"
    turn.unlink()
    turn.mkdir()
    _kill_store(house)
    _wait(lambda: "can't be looked after now" in house.gateway.process.log.read_text())
    assert not _is_ready(house)
    turn.rmdir()
    _wait(lambda: _is_ready(house))


def _kill_store(house: House) -> None:
    os.kill(int((house.gateway.folder / "state" / "valkey.pid").read_text()), signal.SIGKILL)


def _is_ready(house: House) -> bool:
    return httpx2.get(f"{house.gateway.url}/readyz", trust_env=False).status_code == 200


def _wait(until: Callable[[], bool]) -> None:
    give_up = time.monotonic() + 30
    while not until():
        assert time.monotonic() < give_up
        time.sleep(0.05)
