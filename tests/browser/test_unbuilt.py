"""GraphiQL's page where nobody has built the bundle."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.visitor import Visitor
from tests.harness.processes import free_ports, start

# The gateway's own command, in a process in which the bundle's folder is another one.
COMMAND = """
import pathlib, gateway.pages
gateway.pages.BUNDLE = pathlib.Path("no such folder")
import gateway.cli
raise SystemExit(gateway.cli.main())
"""


@pytest.fixture
def unbuilt(tmp_path: Path) -> Iterator[str]:
    """The address of a gateway without a bundle."""
    (port,) = free_ports(1)
    environment = {"LEASEGRAPH_PORT": str(port), "LEASEGRAPH_DATA_DIR": str(tmp_path)}
    url = f"http://localhost:{port}"
    command = [sys.executable, "-c", COMMAND, "serve"]
    process = start(command, tmp_path / "gateway.log", environment, f"{url}/healthz")
    yield url
    process.stop()


async def test_the_page_says_how_to_build_it(unbuilt: str, visitor: Visitor) -> None:
    answer = await visitor.page.goto(f"{unbuilt}/graphql")
    assert answer
    assert answer.status == 503
    assert await visitor.heading() == "GraphiQL isn't built yet"
    assert "make graphiql" in await visitor.main()
    await visitor.follow("Log in")
    assert await visitor.heading() == "Log in"
