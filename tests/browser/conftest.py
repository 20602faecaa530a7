"""A demo, a headless Chromium that reaches nothing but this machine, and people who use it."""

import shutil
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import Demo
from tests.browser.visitor import OpenBrowser, Visitor

if TYPE_CHECKING:
    from playwright.async_api import Browser

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator["Browser"]:
    """The browser; tests are skipped where it can't be had.

    Playwright's asynchronous API, since the other one leaves an event loop running in this thread, beside
    which pytest-asyncio can't run its own.
    """
    program = shutil.which("chromium")
    missing = [] if program else ["the program chromium"]
    missing += [] if find_spec("playwright") else ["the package playwright (uv sync --group browser)"]
    if missing:
        pytest.skip(f"Missing: {' and '.join(missing)}. .ci/run installs both.")
    from playwright.async_api import async_playwright

    async with async_playwright() as driver:
        browser = await driver.chromium.launch(executable_path=program, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """What `leasegraph demo` starts."""
    running = Demo(tmp_path_factory.mktemp("demo"))
    yield running
    assert running.process.stop() == 0, "the demo did not stop cleanly"


@pytest.fixture
async def open_browser(chromium: "Browser", demo: Demo) -> AsyncIterator[OpenBrowser]:
    """Opens fresh browser windows; at the end none of them may have complained or called elsewhere."""
    visitors: list[Visitor] = []

    async def open_one(*, scripts: bool = True) -> Visitor:
        context = await chromium.new_context(locale="en-GB", java_script_enabled=scripts)
        visitors.append(Visitor(context, await context.new_page(), demo))
        return visitors[-1]

    yield open_one
    for each in visitors:
        await each.context.close()
        assert each.went_elsewhere == []
        assert each.complaints == []


@pytest.fixture
async def visitor(open_browser: OpenBrowser) -> Visitor:
    """Somebody with an ordinary browser window."""
    return await open_browser()
