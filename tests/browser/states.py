"""Every page of login in every state, as one visitor meets them, in one language."""

from collections.abc import AsyncIterator

from auth.messages import Language
from tests.browser.visitor import Visitor
from tests.harness.person import PASSWORD

SUBMIT = "main form button[type=submit]:not([name])"


async def send(visitor: Visitor, **fields: str) -> None:
    """Fills fields by their names and sends the page's form."""
    for name, text in fields.items():
        await visitor.page.fill(f"#{name}", text)
    async with visitor.page.expect_navigation():
        await visitor.page.click(SUBMIT)


async def states(visitor: Visitor, language: Language, number: str, surname: str) -> AsyncIterator[str]:
    """Goes from one state to the next and says its name; the account belongs to somebody called `surname`."""
    page = visitor.page
    await visitor.goto(f"/login?lang={language}")
    yield "login"
    await send(visitor)
    yield "login, nothing typed"
    await send(visitor, login=number, password="wrong")
    yield "login refused"

    await visitor.goto("/first-login")
    yield "first login"
    await send(visitor, login="x")
    yield "first login, no number"
    await send(visitor, login=number)
    yield "choose a password"
    await page.fill("#password", "Ab1")
    yield "choose a password, typing"
    await send(visitor, password="ab", password_again="abc")
    yield "choose a password, all wrong"
    broken = f"{surname}!2026xx"
    await send(visitor, password=broken, password_again=broken)
    yield "PIN"
    pin = await visitor.pin(number)
    await send(visitor, pin="1234 5678" if pin != "1234 5678" else "8765 4321")
    yield "PIN wrong"
    async with page.expect_navigation():
        await page.click("button[name=resend]")
    yield "PIN sent again"
    await send(visitor, pin=pin)
    yield "pick another password"
    await send(visitor, password="ab", password_again="ab")
    yield "pick another password, wrong"
    await send(visitor, password=PASSWORD, password_again=PASSWORD)
    yield "login, password set"
    await send(visitor, login=number, password=PASSWORD)
    yield "front page, logged in"
    await visitor.goto("/sessions")
    yield "sessions"

    await visitor.goto("/change-password")
    yield "change the password"
    await send(visitor, present="wrong", password="ab", password_again="abc")
    yield "change the password, all wrong"
    await visitor.goto("/oauth2/end-session")
    yield "log out?"
    await visitor.goto("/oauth2/authorize?client_id=nobody&response_type=code")
    yield "an application's mistake"

    await visitor.goto("/reset-password")
    yield "reset"
    await send(visitor, login=number)
    await _cancel_in_another_tab(visitor)
    await send(visitor, password=PASSWORD, password_again=PASSWORD)
    yield "start again"
    await visitor.goto("/login")
    await visitor.context.clear_cookies(name="lg_csrf")
    await send(visitor, login=number, password=PASSWORD)
    yield "form refused"
    await visitor.goto("/no-such-page")
    yield "no such page"


async def _cancel_in_another_tab(visitor: Visitor) -> None:
    tab = await visitor.context.new_page()
    await tab.goto(visitor.page.url)
    async with tab.expect_navigation():
        await tab.click("button[name=cancel]")
    await tab.close()
