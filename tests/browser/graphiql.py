"""GraphiQL as a person sees it: an editor, an answer, the docs."""

from typing import TYPE_CHECKING

import pytest

from gateway.pages import BUNDLE

if TYPE_CHECKING:
    from playwright.async_api import Locator, Page

MOST_SCREENS = 60

built = pytest.mark.skipif(
    not (BUNDLE / "graphiql.js").exists(), reason="GraphiQL's bundle is missing: run make graphiql"
)


class Workbench:
    """GraphiQL in a page."""

    def __init__(self, page: "Page") -> None:
        """It may still be loading."""
        self._page = page
        self._editor = page.locator(".graphiql-query-editor")
        self._answer = page.locator(".graphiql-response")
        self._docs = page.locator(".graphiql-doc-explorer")

    async def query(self) -> str:
        """The lines of the query that are on the screen."""
        await self._editor.get_by_text("viewer").first.wait_for()
        return await _lines(self._editor)

    async def write(self, query: str) -> None:
        """In place of what the editor holds."""
        await self._editor.locator(".view-lines").click()
        await self._page.keyboard.press("Control+A")
        await self._page.keyboard.insert_text(query)

    async def run_by_key(self) -> None:
        """Ctrl-Enter in the editor."""
        await self._editor.locator(".view-lines").click()
        await self._page.keyboard.press("Control+Enter")

    async def run_by_button(self) -> None:
        """The button with the triangle."""
        await self._page.get_by_role("button", name="Execute query").click()

    async def read(self, *wanted: str) -> None:
        """Scrolls through the answer until everything wanted was seen; only what is on the screen exists."""
        await self._answer.get_by_text("data").first.wait_for()
        await self._answer.locator(".view-lines").hover()
        missing = set(wanted)
        for _ in range(MOST_SCREENS):
            text = await _lines(self._answer)
            missing -= {each for each in missing if each in text}
            if not missing:
                return
            await self._page.mouse.wheel(0, 400)
            await self._page.wait_for_timeout(50)
        raise AssertionError(f"the answer does not show {missing}")

    async def open_docs(self) -> None:
        """The book icon."""
        await self._page.get_by_role("button", name="Show Documentation Explorer").click()

    async def open_type(self, name: str) -> None:
        """Follows a type's name in the docs."""
        await self._docs.get_by_role("link", name=name, exact=True).first.click()
        await self._docs.get_by_text("Fields").first.wait_for()

    async def docs(self) -> str:
        """What the docs say."""
        text: str = await self._docs.inner_text()
        return text


async def _lines(editor: "Locator") -> str:
    text = "\n".join(await editor.locator(".view-line").all_inner_texts())
    return text.replace("\N{NO-BREAK SPACE}", " ")
