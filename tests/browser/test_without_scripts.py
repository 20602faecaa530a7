"""First login and login without JavaScript."""

from tests.browser.visitor import OpenBrowser


async def test_first_login_and_login_need_no_script(open_browser: OpenBrowser) -> None:
    visitor = await open_browser(scripts=False)
    await visitor.begin("0010008")
    await visitor.choose("ab")
    assert "Please correct the following" in await visitor.main()
    await visitor.choose_and_confirm("0010008")
    assert "Your password is set." in await visitor.main()
    await visitor.log_in("0010008")
    assert "logged in as 0010008" in await visitor.page.get_by_role("banner").inner_text()
