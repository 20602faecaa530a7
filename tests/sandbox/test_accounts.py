"""Accounts that the portal writes: added once; every client keeps an owner; the feed tells of it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import httpx2

from tests.sandbox.backoffice import Sandbox
from tests.sandbox.test_writes import changes_behind, newest

CLIENT, OTHER = "0010014", "0010013"
NEW = {
    "clientNumber": CLIENT, "email": "nowa@example.com", "firstName": "Żaneta", "surname": "Nowa",
    "role": "OWNER", "language": "en", "by": CLIENT,
}  # fmt: skip


def add(sandbox: Sandbox, key: str | None = None, **changed: Any) -> httpx2.Response:
    headers = {"Idempotency-Key": key or uuid4().hex}
    return sandbox.http.post("/v1/accounts", json=NEW | changed, headers=headers)


def give(sandbox: Sandbox, login: str, role: str, by: str, client: str = CLIENT) -> httpx2.Response:
    body = {"clientNumber": client, "role": role, "by": by}
    return sandbox.http.post(f"/v1/accounts/{login}/role", json=body)


def remove(sandbox: Sandbox, login: str, by: str, client: str = CLIENT) -> httpx2.Response:
    return sandbox.http.post(f"/v1/accounts/{login}/remove", json={"clientNumber": client, "by": by})


def code(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


def account(sandbox: Sandbox, login: str) -> Any:
    return sandbox.post("/v1/accounts/get", {"by": "login", "keys": [login]})["results"][0]


def test_a_user_comes_changes_and_goes(sandbox: Sandbox) -> None:
    before, key = newest(sandbox), uuid4().hex
    made = add(sandbox, key)
    user = made.json()
    login = user["login"]
    assert made.status_code == 201
    assert login.startswith(CLIENT)
    assert {name: user[name] for name in ("email", "firstName", "role", "language", "clientNumbers")} == {
        "email": "nowa@example.com", "firstName": "Żaneta", "role": "OWNER", "language": "en",
        "clientNumbers": [CLIENT],
    }  # fmt: skip
    assert (add(sandbox, key).status_code, add(sandbox, key).json()) == (200, user)
    assert code(add(sandbox, key, surname="Inna")) == (409, "IDEMPOTENCY_CONFLICT")
    assert code(add(sandbox, email="NOWA@example.com")) == (409, "ALREADY_A_USER")
    assert give(sandbox, login, "FLEET", CLIENT).json()["role"] == "FLEET"
    assert give(sandbox, login, "FLEET", CLIENT).status_code == 200, "so it is already"
    assert code(give(sandbox, CLIENT, "FLEET", login)) == (409, "NOT_AN_OWNER")
    assert code(give(sandbox, CLIENT, "FLEET", CLIENT)) == (409, "LAST_OWNER")
    assert code(remove(sandbox, CLIENT, CLIENT)) == (409, "LAST_OWNER")
    for _ in range(2):
        assert remove(sandbox, login, CLIENT).status_code == 204
    assert account(sandbox, login) is None
    assert code(add(sandbox, key)) == (409, "IDEMPOTENCY_CONFLICT"), "its account is no more"
    assert changes_behind(sandbox, before) == [("accounts", login, CLIENT)] * 3
    again = add(sandbox).json()["login"]
    assert again != login, "a login is never given twice"
    remove(sandbox, again, CLIENT)


def test_two_owners_who_remove_each_other_leave_one(sandbox: Sandbox) -> None:
    other = add(sandbox).json()["login"]
    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(lambda pair: remove(sandbox, *pair).status_code, [(CLIENT, other), (other, CLIENT)])
        )
    assert sorted(answers) == [204, 409]
    (left,) = sandbox.page("accounts", "client", CLIENT, first=None)
    sandbox.http.put(f"/sandbox/accounts/{CLIENT}", json={"clientNumbers": [CLIENT]})
    if left["login"] == other:
        remove(sandbox, other, CLIENT)


def test_who_acts_for_several_clients(sandbox: Sandbox) -> None:
    user = add(sandbox, role="READ_ONLY").json()["login"]
    sandbox.http.put(f"/sandbox/accounts/{user}", json={"clientNumbers": [CLIENT, OTHER]})
    assert code(give(sandbox, user, "OWNER", CLIENT)) == (409, "NOT_AN_OWNER"), "not of the other client"
    assert give(sandbox, user, "OWNER", CLIENT, client="0010001").status_code == 404
    assert remove(sandbox, user, CLIENT).status_code == 204
    assert account(sandbox, user)["clientNumbers"] == [OTHER]
    assert remove(sandbox, user, OTHER, client=OTHER).status_code == 204


def test_bodies_that_break_a_rule(sandbox: Sandbox) -> None:
    assert add(sandbox, "short").status_code == 400
    for change in ({"email": "x"}, {"role": "KING"}, {"clientNumber": "1"}, {"firstName": ""}, {"odd": 1}):
        assert add(sandbox, **change).status_code == 400, change
    assert remove(sandbox, "999", CLIENT).status_code == 404
    assert sandbox.http.post("/v1/accounts/x/role", json={}).status_code == 404


def test_the_feed_goes_on_from_where_it_was_read(sandbox: Sandbox) -> None:
    before = newest(sandbox)
    for email in ("raz@example.com", "efaktury+0010013@example.com"):
        sandbox.http.put(f"/sandbox/accounts/{OTHER}", json={"email": email})
    sandbox.http.put("/sandbox/requests/1", json={"status": "IN_REVIEW"})

    def feed(**asked: Any) -> Any:
        answer = sandbox.http.get("/v1/changes", params=asked).json()
        return [item["id"] for item in answer["items"]], answer["next"]

    assert feed(after=before) == ([OTHER, OTHER, "1"], before + 3)
    assert feed(after=before, limit=1) == ([OTHER], before + 1)
    assert feed(after=before + 3) == ([], before + 3)
    assert feed(after=10**9) == ([], before + 3), "less than asked for: the feed has begun anew"
