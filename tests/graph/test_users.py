"""The users of a client: who they are and their role, with addresses masked for others."""

from collections.abc import Callable
from typing import Any

from tests.harness.person import Person
from tests.harness.processes import Sandbox

QUERY = """{ viewer { user { login role email } clients(first: 100) { nodes { number
  users { login displayName role email } } } } }"""
READ = """mutation($id: ID!) { notificationRead(input: {notification: $id}) {
  notification { readAt } errors { code } } }"""


def users(person: Person, client: str) -> list[dict[str, Any]]:
    clients = person.data(QUERY)["viewer"]["clients"]["nodes"]
    (found,) = [each["users"] for each in clients if each["number"] == client]
    return list(found)


def test_who_uses_the_portal_for_a_fleet(logged_in: Callable[[str], Person]) -> None:
    found = users(logged_in("0010008"), "0010008")
    assert [(each["login"], each["role"]) for each in found] == [
        ("0010008", "OWNER"), ("001000801", "ACCOUNTANT"), ("001000802", "FLEET"), ("001000803", "READ_ONLY"),
    ]  # fmt: skip
    assert found[0]["email"] == "efaktury+0010008@example.com", "one's own"
    assert {each["email"] for each in found[1:]} == {"u•••@example.com"}
    assert found[2]["displayName"] == "Piotr Wrona"


def test_a_further_user_logs_in_and_sees_the_same_client(logged_in: Callable[[str], Person]) -> None:
    person = logged_in("001000802")
    assert person.data(QUERY)["viewer"]["user"] == {
        "login": "001000802", "role": "FLEET", "email": "user+001000802@example.com",
    }  # fmt: skip
    found = {each["login"]: each["email"] for each in users(person, "0010008")}
    assert found["001000802"] == "user+001000802@example.com"
    assert found["0010008"] == "e•••@example.com"


def test_who_only_reads_may_mark_what_they_have_read(logged_in: Callable[[str], Person]) -> None:
    """And it is theirs: the owner's reading is another."""
    query = "{ viewer { clients { nodes { notifications(first: 1) { nodes { id readAt } } } } } }"
    reader, owner = logged_in("001000803"), logged_in("0010008")
    (client,) = reader.data(query)["viewer"]["clients"]["nodes"]
    (newest,) = client["notifications"]["nodes"]
    answer = reader.data(READ, id=newest["id"])["notificationRead"]
    assert answer["errors"] == []
    assert answer["notification"]["readAt"]
    node = "query($id: ID!) { node(id: $id) { ... on Notification { readAt } } }"
    assert reader.data(node, id=newest["id"])["node"] == answer["notification"]
    assert owner.data(node, id=newest["id"])["node"] == {"readAt": None}


def test_the_head_of_a_group_is_a_user_of_its_members(logged_in: Callable[[str], Person]) -> None:
    member = users(logged_in("0010011"), "0010011")
    assert [each["login"] for each in member] == ["0010010", "0010011"]
    assert member[0]["email"] == "e•••@example.com"
    head = logged_in("0010010")
    assert [each["login"] for each in users(head, "0010012")] == ["0010010", "0010012"]


def test_nobody_else_is_a_user(logged_in: Callable[[str], Person], backoffice: Sandbox) -> None:
    assert [each["login"] for each in users(logged_in("0010001"), "0010001")] == ["0010001"]
    # Who stops acting for a client is no user of it from then on.
    account = backoffice.ask("POST", "/v1/accounts/get", {"by": "login", "keys": ["001000801"]})["results"][0]
    owner = logged_in("0010008")
    try:
        backoffice.ask("PUT", "/sandbox/accounts/001000801", {"clientNumbers": ["0010007"], "role": "FLEET"})
        assert "001000801" not in [each["login"] for each in users(owner, "0010008")]
        assert "001000801" in [each["login"] for each in users(logged_in("0010007"), "0010007")]
    finally:
        change = {"clientNumbers": account["clientNumbers"], "role": account["role"]}
        backoffice.ask("PUT", "/sandbox/accounts/001000801", change)
    assert "001000801" in [each["login"] for each in users(owner, "0010008")]


def test_without_accounts_only_users_are_missing(
    logged_in: Callable[[str], Person], backoffice: Sandbox
) -> None:
    with backoffice.fault("/v1/accounts/list", status=503):
        answer = logged_in("0010001").ask(QUERY)
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    (client,) = answer["data"]["viewer"]["clients"]["nodes"]
    assert client == {"number": "0010001", "users": None}
