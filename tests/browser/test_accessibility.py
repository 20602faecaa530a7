"""No page, in no state, language, width or colour scheme, has anything that axe-core finds fault with."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest

from auth.messages import Language
from tests.browser.axe import complaints, installed
from tests.browser.graphiql import Workbench
from tests.browser.states import send, states
from tests.browser.visitor import Visitor
from tests.harness.processes import Gateway, Sandbox

WIDE, NARROW, HEIGHT = 1280, 375, 800
Scheme = Literal["light", "dark"]

pytestmark = installed


class Inspector:
    """Looks at pages wide in one colour scheme and narrow in the other."""

    def __init__(self, visitor: Visitor, wide: Scheme) -> None:
        """Collects what is found."""
        self.visitor = visitor
        other: Scheme = "dark" if wide == "light" else "light"
        self._looks: list[tuple[int, Scheme]] = [(WIDE, wide), (NARROW, other)]
        self.found: list[str] = []

    async def look(self, state: str) -> None:
        """Both looks at the page that is open."""
        page = self.visitor.page
        for width, scheme in self._looks:
            await page.set_viewport_size({"width": width, "height": HEIGHT})
            await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
            at = f"{state}, {width} px, {scheme}"
            self.found += [f"{at}: {each}" for each in await complaints(page)]
            if await page.evaluate("document.documentElement.scrollWidth") > width:
                self.found.append(f"{at}: scrolls sideways")


async def test_the_checker_finds_faults(visitor: Visitor) -> None:
    await visitor.goto("/login")
    await visitor.page.evaluate("document.querySelector('h1').remove()")
    await visitor.page.locator(".lead").evaluate("lead => { lead.style.color = '#ccc' }")
    assert {each.partition(":")[0] for each in await complaints(visitor.page)} == {
        "page-has-heading-one",
        "color-contrast",
    }


@pytest.mark.parametrize(
    ("language", "number", "surname", "wide"),
    [("pl", "0010012", "Piątek", "light"), ("en", "0010013", "Nowy", "dark")],
)
async def test_every_state_of_login(
    visitor: Visitor, language: Language, number: str, surname: str, wide: Scheme
) -> None:
    inspector = Inspector(visitor, wide)
    seen: list[str] = []
    async for state in states(visitor, language, number, surname):
        seen.append(await visitor.main())
        await inspector.look(state)
    assert inspector.found == []
    assert len(set(seen)) == len(seen), "every state shows something of its own"


@pytest.mark.parametrize("wide", ["light", "dark"])
async def test_the_pages_around_it(visitor: Visitor, wide: Scheme) -> None:
    inspector = Inspector(visitor, wide)
    await visitor.first_login("0010014" if wide == "light" else "0010011")
    mailbox = visitor.demo.mailbox_url
    for address in (f"{visitor.demo.url}/", f"{visitor.demo.url}/graphql", mailbox, f"{mailbox}?to=nobody"):
        await visitor.page.goto(address)
        if address.endswith("/graphql"):
            await Workbench(visitor.page).query()  # left while it loads, the editor complains
        await inspector.look(address)
    await visitor.page.goto(mailbox)
    await visitor.page.get_by_role("link", name="Kompas").first.click()
    await visitor.page.locator("iframe").content_frame.get_by_text("Dzień dobry").wait_for()
    await inspector.look("a message")
    assert inspector.found == []


@pytest.fixture
def strained(tmp_path: Path, backoffice: Sandbox) -> Iterator[str]:
    """The address of a gateway that takes two forms a minute, one at a time."""
    gateway = Gateway(tmp_path, backoffice, LOGIN_RATE_PER_MINUTE=2)
    yield gateway.url
    gateway.close()


async def test_what_cannot_be_done_now(visitor: Visitor, strained: str, backoffice: Sandbox) -> None:
    async def try_until(language: Language, heading: str) -> None:
        for _ in range(5):
            await visitor.page.goto(f"{strained}/login?lang={language}")
            await send(visitor, login="0010001", password="wrong")
            if await visitor.heading() == heading:
                return await inspector.look(heading)
        raise AssertionError(f"no page says {heading}")

    inspector = Inspector(visitor, "light")
    with backoffice.fault("/v1/accounts/get", status=503):
        await try_until("pl", "Chwilowa przerwa")
        await try_until("pl", "Zbyt wiele prób")
        await try_until("en", "Too many attempts")
    assert inspector.found == []
