"""A person at a browser, who remembers what the browser complained about and where it went."""

import asyncio
import re
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlsplit

from tests.browser.demo import Demo
from tests.harness.person import PASSWORD, PIN

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, ConsoleMessage, Locator, Page, Request, WebError

HERE = {"127.0.0.1", "localhost"}
WITHIN_THE_PAGE = {"data", "blob", "about"}
SECONDS = 10.0


class OpenBrowser(Protocol):
    """Opens a window of its own, if wanted without JavaScript."""

    async def __call__(self, *, scripts: bool = True) -> "Visitor": ...


class Visitor:
    """One window with its cookies, beginning with one tab."""

    def __init__(self, context: "BrowserContext", page: "Page", demo: Demo) -> None:
        """Listens to every tab of the window."""
        self.context, self.page, self.demo = context, page, demo
        self.went_elsewhere: list[str] = []
        self.complaints: list[str] = []
        context.set_default_timeout(SECONDS * 1000)
        context.on("request", self._requested)
        context.on("console", self._said)
        context.on("weberror", self._failed)

    def _requested(self, request: "Request") -> None:
        url = urlsplit(request.url)
        if url.hostname not in HERE and url.scheme not in WITHIN_THE_PAGE:
            self.went_elsewhere.append(request.url)

    def _said(self, message: "ConsoleMessage") -> None:
        """Keeps warnings and errors, but for the status of a page itself: its text tells that."""
        own = message.page is not None and message.location["url"] == message.page.url
        if message.type in ("error", "warning") and not (own and "the server responded with" in message.text):
            self.complaints.append(message.text)

    def _failed(self, error: "WebError") -> None:
        self.complaints.append(str(error.error))

    async def goto(self, path: str) -> None:
        """Types an address."""
        await self.page.goto(self.demo.url + path)

    async def follow(self, link: str) -> None:
        """Clicks a link."""
        await self.page.get_by_role("link", name=link, exact=True).click()

    async def press(self, button: str) -> None:
        """Clicks a button and waits for the page that comes."""
        async with self.page.expect_navigation():
            await self.page.get_by_role("button", name=button, exact=True).click()

    def field(self, label: str) -> "Locator":
        """What a label belongs to."""
        return self.page.get_by_label(label, exact=True)

    async def fill(self, label: str, text: str) -> None:
        """Types into the field with a label."""
        await self.field(label).fill(text)

    async def heading(self) -> str:
        """What page this is."""
        text: str = await self.page.get_by_role("heading", level=1).inner_text()
        return text

    async def main(self) -> str:
        """The page's text, without its header."""
        text: str = await self.page.get_by_role("main").inner_text()
        return text

    async def choose(self, password: str) -> None:
        """Enters a new password in English."""
        await self.fill("New password", password)
        await self.fill("Repeat the new password", password)
        await self.press("Continue")

    async def begin(self, number: str) -> None:
        """First-time login up to the page that asks for a password."""
        await self.goto("/first-login")
        await self.fill("Login number", number)
        await self.press("Continue")

    async def pin(self, number: str) -> str:
        """Looks it up in the mailbox, in a second tab."""
        tab = await self.context.new_page()
        await tab.goto(self.demo.mailbox_url)
        row = tab.get_by_role("row").filter(has_text=f"+{number}@")
        mail = row.get_by_role("link", name=re.compile("PIN")).first
        async with asyncio.timeout(SECONDS):
            while not await mail.is_visible():
                await tab.reload()
        await mail.click()
        text: str = await tab.locator("pre").inner_text()
        await tab.close()
        found = PIN.search(text)
        assert found, text
        return found[0]

    async def first_login(self, number: str) -> None:
        """Sets the first password; ends at the login page."""
        await self.begin(number)
        await self.choose_and_confirm(number)

    async def choose_and_confirm(self, number: str) -> None:
        """The second and the third step."""
        await self.choose(PASSWORD)
        await self.fill("PIN", await self.pin(number))
        await self.press("Confirm")

    async def log_in(self, number: str) -> None:
        """From the login page."""
        await self.fill("Login number", number)
        await self.fill("Password", PASSWORD)
        await self.press("Log in")
