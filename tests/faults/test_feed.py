"""The feed of changes fails for a while: open streams go on, and are told afterwards of all that changed."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest

from tests.faults.conftest import LOGIN, House
from tests.harness.between import saying
from tests.harness.person import Person
from tests.harness.streams import PATIENCE, open_socket

FEED = "/v1/changes"
REQUESTS = "subscription { serviceRequestChanged { number status } }"
GARBAGE = b'{"items":[{"collection":3}],"next":"soon"}'
OUTAGES: dict[str, Callable[[House], AbstractContextManager[None]]] = {
    "unavailable": lambda house: house.office.fault(FEED, status=503),
    "never answers": lambda house: house.office.fault(FEED, mode="hang"),
    "unreadable": lambda house: house.systems.answering(
        FEED, saying(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(GARBAGE) + GARBAGE)
    ),
    "all of the ERP": lambda house: house.systems.away(),
}


@pytest.mark.parametrize("how", OUTAGES)
async def test_nothing_that_changed_meanwhile_is_missed(how: str, house: House, person: Person) -> None:
    requests = house.office.page("requests", "client", LOGIN)[:3]

    def move(request: str, status: str) -> None:
        house.office.ask("PUT", f"/sandbox/requests/{request}", {"status": status})

    async with open_socket(house.gateway.url, person) as socket:
        await socket.initialise()
        await socket.subscribe(REQUESTS)
        await socket.event(lambda: move(requests[0]["id"], "IN_REVIEW"))
        told = len(house.log)

        def noticed() -> bool:
            give_up = time.monotonic() + PATIENCE
            while time.monotonic() < give_up:
                if any("changes can't be followed" in line["message"] for line in house.log[told:]):
                    return True
                time.sleep(0.05)
            return False

        with OUTAGES[how](house):
            assert await asyncio.to_thread(noticed)
            for each in requests:
                await asyncio.to_thread(move, each["id"], "NEEDS_INFO")
        missing = {each["number"] for each in requests}
        while missing:
            message = await socket.receive()
            assert message["type"] == "next", message
            assert "errors" not in message["payload"], message["payload"]["errors"]
            event = message["payload"]["data"]["serviceRequestChanged"]
            if event["status"] == "NEEDS_INFO":
                missing -= {event["number"]}
