"""The pages on a narrow screen."""

import pytest

from tests.browser.graphiql import Workbench, built
from tests.browser.visitor import Visitor

WIDTH, HEIGHT = 390, 844


@pytest.mark.parametrize("path", ["/", "/login", "/first-login", pytest.param("/graphql", marks=built)])
async def test_no_page_scrolls_sideways(visitor: Visitor, path: str) -> None:
    await visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    await visitor.goto(path)
    if path == "/graphql":
        await Workbench(visitor.page).query()
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == WIDTH


@pytest.mark.parametrize("path", ["/", "/login", "/first-login", "/no-such-page"])
async def test_text_of_twice_the_size_fits_a_narrow_screen(visitor: Visitor, path: str) -> None:
    """WCAG 2.2, 1.4.4 and 1.4.10: text at 200 %, and 320 pixels without scrolling sideways."""
    await visitor.page.set_viewport_size({"width": 320, "height": 640})
    await visitor.goto(path)
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == 320
    await visitor.page.set_viewport_size({"width": 640, "height": 800})
    await visitor.page.evaluate("document.documentElement.style.fontSize = '32px'")
    assert await visitor.page.evaluate("document.documentElement.scrollWidth") == 640


@built
async def test_the_answer_stands_below_the_query(visitor: Visitor) -> None:
    await visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    await visitor.goto("/graphql")
    workbench = Workbench(visitor.page)
    await workbench.query()
    await workbench.run_by_button()
    await workbench.read('"viewer": null')
    answer = await visitor.page.locator(".graphiql-response").bounding_box()
    assert answer
    assert answer["y"] > HEIGHT / 3
    assert answer["width"] > WIDTH / 2
