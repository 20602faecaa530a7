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
    assert order[order.index("login") :][:6] == [
        "login", "password", "Show", "Log in", "First-time login", "Forgotten your password?",
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


async def test_from_what_is_wrong_to_its_field(visitor: Visitor) -> None:
    """The list of errors has the focus; its first link leads to the field."""
    await visitor.goto("/login")
    await enter(visitor, login="")
    await visitor.page.keyboard.press("Tab")
    assert await focus(visitor) == "Enter your login number."
    await visitor.page.keyboard.press("Enter")
    assert await focus(visitor) == "login"


async def test_a_password_is_shown_by_keyboard(visitor: Visitor) -> None:
    await visitor.goto("/login")
    await tab_to(visitor, "password")
    await visitor.page.keyboard.type("abc")
    await tab_to(visitor, "Show")
    await visitor.page.keyboard.press("Space")
    assert await visitor.field("Password").get_attribute("type") == "text"
    assert await focus(visitor) == "Hide"


async def test_what_has_the_focus_can_be_seen(visitor: Visitor) -> None:
    """Every stop of Tab has an outline, also where the system chooses the colours."""
    outline = "(s => [s.outlineStyle, parseFloat(s.outlineWidth)])(getComputedStyle(document.activeElement))"
    for colours in ("none", "active"):
        await visitor.page.emulate_media(forced_colors=colours)
        await visitor.goto("/login")
        seen: set[str] = set()
        await visitor.page.keyboard.press("Tab")
        while not await visitor.page.evaluate("document.activeElement === document.body"):
            seen.add(now := await focus(visitor))
            style, width = await visitor.page.evaluate(outline)
            assert (style, width) == ("solid", 3), f"{now} with forced colours {colours}"
            await visitor.page.keyboard.press("Tab")
        assert {"login", "password", "Show", "Log in"} <= seen
