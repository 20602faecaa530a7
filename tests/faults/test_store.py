"""The store is killed while passwords are set: what was acknowledged holds, and all goes on by itself."""

import os
import signal
import time
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
        os.kill(int((house.gateway.folder / "state" / "valkey.pid").read_text()), signal.SIGKILL)
        for each in confirming:
            each.result()
    give_up = time.monotonic() + 30
    while httpx2.get(f"{house.gateway.url}/readyz", trust_env=False).status_code != 200:
        assert time.monotonic() < give_up
        time.sleep(0.05)
    for client in clients:
        client.look()
        if client.seen == ["old"]:  # not acknowledged, and not set: begun anew it is
            client.person.first_login(client.login)
        client.person.browser.close()
    assert "kept" in {word for client in clients for word in client.seen}
    assert house.gateway.command("audit", "verify").returncode == 0
