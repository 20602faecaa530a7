"""First login and login by the keyboard alone."""

from tests.browser.visitor import Visitor
from tests.harness.person import PASSWORD

NAME = "(e => e.id || e.name || e.textContent.trim())(document.activeElement)"


async def focus(visitor: Visitor) -> str:
    """What has the focus: its id, name or text."""
    name: str = await visitor.page.evaluate(NAME)
    return name


async def tab_to(visitor: Visitor, wanted: str) -> None:
    """Presses Tab until something has the focus."""
    passed: list[str] = []
    while (now := await focus(visitor)) != wanted:
        passed.append(now)
        assert len(passed) < 12, f"Tab does not reach {wanted}: {passed}"
        await visitor.page.keyboard.press("Tab")


async def enter(visitor: Visitor, **fields: str) -> None:
    """Fills the fields in the order of Tab, and sends the form."""
    for name, text in fields.items():
        await tab_to(visitor, name)
        await visitor.page.keyboard.type(text)
    async with visitor.page.expect_navigation():
        await visitor.page.keyboard.press("Enter")


async def test_tab_goes_through_the_login_page_in_order(visitor: Visitor) -> None:
    await visitor.goto("/login")
    order: list[str] = []
    await visitor.page.keyboard.press("Tab")
    while (now := await focus(visitor)) not in order and len(order) < 20:
        order.append(now)
        await visitor.page.keyboard.press("Tab")
    assert order[0] == "Skip to content"
    assert order[order.index("login") :][:5] == [
        "login", "password", "Log in", "First-time login", "Forgotten password",
    ]  # fmt: skip


async def test_the_skip_link_goes_to_the_form(visitor: Visitor) -> None:
    await visitor.goto("/login")
    await visitor.page.keyboard.press("Tab")
    await visitor.page.keyboard.press("Enter")
    await visitor.page.keyboard.press("Tab")
    assert await focus(visitor) == "login"


async def test_first_login_and_login_by_keyboard(visitor: Visitor) -> None:
    await visitor.goto("/first-login")
    await enter(visitor, login="0010009")
    await enter(visitor, password=PASSWORD, password_again=PASSWORD)
    await enter(visitor, pin=await visitor.pin("0010009"))
    assert "Your password is set." in await visitor.main()
    await enter(visitor, login="0010009", password=PASSWORD)
    assert "logged in as 0010009" in await visitor.page.get_by_role("banner").inner_text()
