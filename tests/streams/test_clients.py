"""Clients that we did not write: `graphql-ws` and `graphql-sse`, both from npm."""

import asyncio
import json
import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.harness.person import Form, Person
from tests.harness.processes import Gateway, Sandbox

HERE = Path(__file__).parent
PATIENCE = 30.0
Enter = Callable[[str], Person]


@pytest.fixture(scope="module", autouse=True)
def node() -> str:
    program = shutil.which("node")
    if program is None or not (HERE / "node_modules").exists():
        pytest.skip("needs Node.js and `npm ci` in tests/streams; `make test` does it")
    return program


class Client:
    """A running client, and what it says."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    async def says(self) -> dict[str, Any]:
        """The next thing."""
        assert self._process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            line = await self._process.stdout.readline()
            assert line, "it has ended"
            said: dict[str, Any] = json.loads(line)
            return said

    async def until(self, key: str, again: Callable[[], object] = lambda: None) -> dict[str, Any]:
        """What it says with this key; `again` makes something happen meanwhile."""
        while True:
            coming = asyncio.ensure_future(self.says())
            while not coming.done():
                await asyncio.to_thread(again)
                await asyncio.wait((coming,), timeout=0.3)
            if key in coming.result():
                return coming.result()


@asynccontextmanager
async def client(script: str, gateway: Gateway, person: Person, node: str) -> AsyncIterator[Client]:
    cookie = "; ".join(f"{name}={value}" for name, value in person.browser.cookies.items())
    process = await asyncio.create_subprocess_exec(
        node, str(HERE / script), gateway.url, cookie, stdout=asyncio.subprocess.PIPE
    )
    try:
        yield Client(process)
        async with asyncio.timeout(PATIENCE):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


@pytest.mark.parametrize(
    ("script", "end"),
    [("graphql_ws.mjs", {"failed": 4401}), ("graphql_sse.mjs", {"complete": True})],
)
async def test_it_asks_follows_and_is_ended_with_the_session(
    script: str, end: dict[str, Any], house: Gateway, office: Sandbox, enter: Enter, node: str
) -> None:
    person = enter("0010014")
    request, *_ = office.page("requests", "client", "0010014")

    def move() -> None:
        office.ask("PUT", f"/sandbox/requests/{request['id']}", {"status": "IN_REVIEW"})

    async with client(script, house, person, node) as running:
        assert (await running.until("data"))["data"] == {"viewer": {"user": {"login": "0010014"}}}
        told = await running.until("data", move)
        assert told["data"] == {"serviceRequestChanged": {"number": request["number"]}}
        page = person.browser.get("/sessions").text
        assert person.browser.post("/logout", data=Form(page).fields).status_code == 303
        assert await running.until(next(iter(end))) == end


@pytest.mark.parametrize("script", ["graphql_ws.mjs", "graphql_sse.mjs"])
async def test_it_connects_again_after_a_restart(
    script: str, tmp_path: Path, office: Sandbox, node: str
) -> None:
    gateway = Gateway(tmp_path, office, ERP_CHANGES_SECONDS=0.05)
    request, *_ = office.page("requests", "client", "0010014")

    def move() -> None:
        office.ask("PUT", f"/sandbox/requests/{request['id']}", {"status": "IN_REVIEW"})

    try:
        with Person(gateway, office) as person:
            person.enter("0010014")
            async with client(script, gateway, person, node) as running:
                assert "viewer" in (await running.until("data"))["data"]
                assert "serviceRequestChanged" in (await running.until("data", move))["data"]
                assert await asyncio.to_thread(gateway.process.stop) == 0
                await asyncio.to_thread(gateway.restart)
                await running.until("connected")
                assert "serviceRequestChanged" in (await running.until("data", move))["data"]
                page = person.browser.get("/sessions").text
                assert person.browser.post("/logout", data=Form(page).fields).status_code == 303
    finally:
        gateway.close()
