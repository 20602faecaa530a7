"""A newcomer's way from the first page to the first answer, and out again."""

import re

import pytest

from tests.browser.graphiql import Workbench, built
from tests.browser.visitor import Visitor
from tests.harness.person import PASSWORD


@built
async def test_from_the_first_page_to_the_first_answer(visitor: Visitor) -> None:
    await visitor.goto("/")
    assert "0010001" in await visitor.page.get_by_role("table").inner_text()

    await visitor.page.get_by_role("banner").get_by_role("link", name="Log in").click()
    assert await visitor.heading() == "Log in"
    await visitor.follow("First-time login")
    await visitor.fill("Login number", "0010001")
    await visitor.press("Continue")
    assert "Step 2 of 3" in await visitor.main()
    await visitor.choose(PASSWORD)
    assert await visitor.heading() == "Enter the PIN"
    await visitor.fill("PIN", await visitor.pin("0010001"))
    await visitor.press("Confirm")
    assert "Your password is set. You can log in now." in await visitor.main()
    await visitor.log_in("0010001")
    assert "logged in as 0010001" in await visitor.page.get_by_role("banner").inner_text()

    await visitor.follow("GraphiQL")
    workbench = Workbench(visitor.page)
    assert "query WhatToPay" in await workbench.query()
    await workbench.run_by_key()
    await workbench.read("0010001", "3228.00", "1460.00", "1845.00")
    await workbench.open_docs()
    assert re.search(r"query:\s*Query", await workbench.docs())
    await workbench.open_type("Query")
    assert "viewer" in await workbench.docs()


@built
async def test_who_is_not_logged_in_may_look_around(visitor: Visitor) -> None:
    await visitor.goto("/graphql")
    assert "not logged in" in await visitor.page.get_by_role("banner").inner_text()
    workbench = Workbench(visitor.page)
    assert "query WhatToPay" in await workbench.query()
    await workbench.run_by_button()
    await workbench.read('"viewer": null')


@pytest.mark.parametrize("path", ["/", pytest.param("/graphql", marks=built)])
async def test_the_bar_logs_out(visitor: Visitor, path: str) -> None:
    number = {"/": "0010002", "/graphql": "0010003"}[path]
    await visitor.first_login(number)
    await visitor.log_in(number)
    await visitor.goto(path)
    await visitor.press("Log out")
    assert "You are logged out." in await visitor.main()
    await visitor.goto("/")
    assert number not in await visitor.page.get_by_role("banner").inner_text()


async def test_the_page_of_sessions_logs_out(visitor: Visitor) -> None:
    await visitor.first_login("0010004")
    await visitor.log_in("0010004")
    await visitor.follow("Sessions")
    assert "this session" in await visitor.main()
    await visitor.press("Log out")
    assert "You are logged out." in await visitor.main()


@built
async def test_subscriptions_are_run_as_event_streams(visitor: Visitor) -> None:
    await visitor.first_login("0010015")
    await visitor.log_in("0010015")
    await visitor.goto("/graphql")
    workbench = Workbench(visitor.page)
    await workbench.query()
    await workbench.write('subscription Followed { invoiceChanged(clientNumber: "0010001") { number } }')
    sent = ""
    while '"operationName":"Followed"' not in sent:  # GraphiQL reads what was typed a moment later
        async with visitor.page.expect_response(
            lambda each: "Followed {" in (each.request.post_data or "")
        ) as coming:
            await workbench.run_by_button()
        response = await coming.value
        sent = response.request.post_data or ""
    assert "text/event-stream" in (await response.header_value("content-type") or "")
    await workbench.read('"invoiceChanged": null', '"code": "BAD_USER_INPUT"')
