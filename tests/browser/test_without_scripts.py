"""First login and login without JavaScript."""

from tests.browser.graphiql import built
from tests.browser.visitor import OpenBrowser
from tests.harness.person import PASSWORD


async def test_first_login_and_login_need_no_script(open_browser: OpenBrowser) -> None:
    visitor = await open_browser(scripts=False)
    await visitor.begin("0010008")
    await visitor.choose("ab")
    assert "Please correct the following" in await visitor.main()
    await visitor.choose_and_confirm("0010008")
    assert "Your password is set." in await visitor.main()
    await visitor.log_in("0010008")
    assert "logged in as 0010008" in await visitor.page.get_by_role("banner").inner_text()


async def test_what_a_script_would_do_is_not_offered(open_browser: OpenBrowser) -> None:
    visitor = await open_browser(scripts=False)
    await visitor.begin("0010008")
    assert await visitor.page.get_by_role("button", name="Show").count() == 0
    assert await visitor.page.get_by_role("listitem").filter(has_text="8 to 24 characters").is_visible()
    assert "met" not in (await visitor.main()).split()


async def test_the_mailbox_needs_no_script(open_browser: OpenBrowser) -> None:
    visitor = await open_browser(scripts=False)
    await visitor.begin("0010008")
    await visitor.choose(PASSWORD)
    await visitor.pin("0010008")
    await visitor.page.goto(f"{visitor.demo.mailbox_url}?to=efaktury%2B0010008@example.com")
    assert "to efaktury+0010008@example.com" in await visitor.main()


@built
async def test_graphiql_says_that_it_needs_one(open_browser: OpenBrowser) -> None:
    visitor = await open_browser(scripts=False)
    await visitor.goto("/graphql")
    assert "GraphiQL needs JavaScript." in await visitor.main()
    assert (
        await visitor.page.evaluate("getComputedStyle(document.querySelector('main'), '::before').display")
        == "none"
    )
