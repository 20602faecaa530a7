"""A front end on another origin, in a real browser: redirects after our forms, CORS, cookies, consent."""

import threading
from collections.abc import AsyncIterator, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.browser.axe import complaints, installed
from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox, free_ports

if TYPE_CHECKING:
    from playwright.async_api import Browser, Page

PAGE = (Path(__file__).parent / "front_end.html").read_text("utf-8")
LOGIN = "0010013"


class QuietFiles(SimpleHTTPRequestHandler):
    """Serves a folder."""

    def log_message(self, *_: object) -> None:
        """Says nothing."""


@pytest.fixture(scope="session")
def front_end(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[str]:
    """The URL of /trusted.html; /asking.html is beside it. A gateway knows both as clients.

    The gateway is on localhost and they are on 127.0.0.1, which is another site.
    """
    folder, files = tmp_path_factory.mktemp("front-end"), tmp_path_factory.mktemp("pages")
    (port,) = free_ports(1)
    origin = f"http://127.0.0.1:{port}"
    tables = [
        f'[clients.{client}]\nname = "The {client} front end"\nkind = "public"\n'
        f'scopes = ["openid", "profile", "portal"]\nredirect_uris = ["{origin}/{client}.html"]\n'
        f'origins = ["{origin}"]\nconsent = {str(client == "asking").lower()}\n'
        for client in ("trusted", "asking")
    ]
    (folder / "leasegraph.toml").write_text("\n".join(tables))
    gateway = Gateway(folder, backoffice, CONFIG=folder / "leasegraph.toml")
    for client in ("trusted", "asking"):
        page = PAGE.replace("ISSUER", f"http://localhost:{gateway.port}").replace("CLIENT", client)
        (files / f"{client}.html").write_text(page)
    with Person(gateway, backoffice) as person:
        person.first_login(LOGIN)
    with ThreadingHTTPServer(("127.0.0.1", port), partial(QuietFiles, directory=files)) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"{origin}/trusted.html"
        server.shutdown()
    gateway.close()


@pytest.fixture
async def page(chromium: "Browser") -> AsyncIterator["Page"]:
    context = await chromium.new_context(locale="en-GB")
    context.set_default_timeout(30_000)
    yield await context.new_page()
    await context.close()


async def log_in(page: "Page") -> None:
    await page.get_by_label("Login number", exact=True).fill(LOGIN)
    await page.get_by_label("Password", exact=True).fill(PASSWORD)
    await page.get_by_role("button", name="Log in", exact=True).click()


async def told(page: "Page") -> str:
    """What the front end shows in the end."""
    text = page.locator("#told:not(:empty)")
    await text.wait_for()
    return str(await text.inner_text())


async def test_a_login_leads_back_to_the_front_end(page: "Page", front_end: str) -> None:
    await page.goto(front_end)
    await page.get_by_role("button", name="Enter").click()
    await log_in(page)
    assert await told(page) == f"{LOGIN}, Query, cookies kept out"
    await page.goto(front_end)
    await page.get_by_role("button", name="Enter").click()
    assert await told(page) == f"{LOGIN}, Query, cookies kept out"


async def test_consent_given_and_refused(page: "Page", front_end: str) -> None:
    for button, result in (("Don't allow", "refused: access_denied"), ("Allow", f"{LOGIN}, Query")):
        await page.goto(front_end.replace("trusted", "asking"))
        await page.get_by_role("button", name="Enter").click()
        if button == "Don't allow":
            await log_in(page)
        await page.get_by_role("heading", name="Share your data?").wait_for()
        assert "The asking front end would like to act for you" in await page.get_by_role("main").inner_text()
        await page.get_by_role("button", name=button, exact=True).click()
        assert (await told(page)).startswith(result)


@installed
async def test_axe_finds_nothing_on_the_providers_pages(page: "Page", front_end: str) -> None:
    await page.goto(front_end.replace("trusted", "asking"))
    await page.get_by_role("button", name="Enter").click()
    await log_in(page)
    await page.get_by_role("heading", name="Share your data?").wait_for()
    assert await complaints(page) == []
    issuer, _, request = page.url.partition("/oauth2/authorize?")
    for path, heading in (
        ("/oauth2/end-session", "Log out?"),
        (f"/oauth2/authorize?{request}&client_id=nobody", "The application made a mistake"),
    ):
        await page.goto(issuer + path)
        await page.get_by_role("heading", name=heading).wait_for()
        assert await complaints(page) == []
