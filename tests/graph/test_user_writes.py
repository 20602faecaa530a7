"""Inviting, promoting and removing users: by an owner, at once, and nothing is lost where something fails."""

import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox

CLIENTS = "{ viewer { user { login role } clients(first: 100) { nodes { id number } } } }"
USERS = """query($client: String!) { client(number: $client) {
  users { login displayName role email lastLoginAt } } }"""
PAYLOAD = "portalUser { login displayName role email lastLoginAt } errors { __typename code message path }"
MUTATIONS = {
    "invite": """mutation($input: PortalUserInviteInput!) {
      it: portalUserInvite(input: $input) { invitationSent %s } }""",
    "resend": """mutation($input: PortalUserInvitationResendInput!) {
      it: portalUserInvitationResend(input: $input) { %s } }""",
    "role": "mutation($input: PortalUserRoleChangeInput!) { it: portalUserRoleChange(input: $input) { %s } }",
    "remove": "mutation($input: PortalUserRemoveInput!) { it: portalUserRemove(input: $input) { %s } }",
}
FLEET = "0010008"


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A back office of their own: these tests change who acts for whom."""
    running = Sandbox(tmp_path_factory.mktemp("users-sandbox"))
    yield running
    running.close()


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, sandbox: Sandbox) -> Iterator[Gateway]:
    """It never looks at the feed of changes: what ends here is ended by the mutations."""
    running = Gateway(tmp_path_factory.mktemp("users-gateway"), sandbox, ERP_CHANGES_SECONDS=86000)
    yield running
    running.close()


@pytest.fixture(scope="module")
def enter(house: Gateway, sandbox: Sandbox) -> Iterator[Callable[[str], Person]]:
    """Somebody who has just logged in."""
    people: list[Person] = []

    def person(login: str) -> Person:
        people.append(Person(house, sandbox))
        people[-1].enter(login)
        return people[-1]

    yield person
    for each in people:
        each.browser.close()


@pytest.fixture(scope="module")
def owner(enter: Callable[[str], Person]) -> Person:
    return enter(FLEET)


def client_id(person: Person, number: str = FLEET) -> str:
    (found,) = [
        node["id"] for node in person.data(CLIENTS)["viewer"]["clients"]["nodes"] if node["number"] == number
    ]
    return str(found)


def mutate(person: Person, what: str, **given: Any) -> Any:
    return person.data(MUTATIONS[what] % PAYLOAD, input=given)["it"]


def a_person(person: Person, number: str = FLEET, **changed: Any) -> dict[str, Any]:
    return {
        "idempotencyKey": uuid4().hex, "clientId": client_id(person, number),
        "email": f"{uuid4().hex}@example.com",
        "firstName": " Żaneta ", "surname": "Nowa-Łąka", "role": "ACCOUNTANT", "language": "EN", **changed,
    }  # fmt: skip


def invited(person: Person, number: str = FLEET, **changed: Any) -> dict[str, Any]:
    payload = mutate(person, "invite", **a_person(person, number, **changed))
    assert (payload["errors"], payload["invitationSent"]) == ([], True)
    user: dict[str, Any] = payload["portalUser"]
    return user


def users(person: Person, number: str = FLEET) -> dict[str, dict[str, Any]]:
    found = person.data(USERS, client=number)["client"]["users"]
    return {user["login"]: user for user in found}


def refusals(payload: Any) -> list[tuple[str, list[str]]]:
    assert payload["portalUser"] is None
    return [(error["code"], error["path"]) for error in payload["errors"]]


def logged_out(person: Person) -> bool:
    return bool(person.ask(CLIENTS) == {"data": {"viewer": None}})


def mails(sandbox: Sandbox, to: str, at_least: int = 1) -> list[dict[str, str]]:
    give_up = time.monotonic() + 20
    while len(found := sandbox.mails(to)) < at_least:
        assert time.monotonic() < give_up, "no mail came"
        time.sleep(0.05)
    return found


def test_from_the_invitation_to_the_first_login(
    owner: Person, enter: Callable[[str], Person], sandbox: Sandbox, house: Gateway
) -> None:
    email = "zaneta@example.com"
    user = invited(owner, email=email)
    login = user["login"]
    assert user == {
        "login": login, "displayName": "Żaneta Nowa-Łąka", "role": "ACCOUNTANT", "email": "z•••@example.com",
        "lastLoginAt": None,
    }  # fmt: skip
    assert users(owner)[login] == user
    (mail,) = mails(sandbox, email)
    assert login in mail["text"]
    assert f"{house.url.replace('127.0.0.1', 'localhost')}/first-login?invite=" in mail["text"]
    assert "You set your own password" in mail["text"]
    newcomer = enter(login)
    viewer = newcomer.data(CLIENTS)["viewer"]
    assert viewer["user"] == {"login": login, "role": "ACCOUNTANT"}
    assert [node["number"] for node in viewer["clients"]["nodes"]] == [FLEET]
    last = users(owner)[login]["lastLoginAt"]
    assert last
    assert last.endswith("Z")
    own = "{ viewer { user { email lastLoginAt } } }"
    assert newcomer.data(own)["viewer"]["user"] == {"email": email, "lastLoginAt": last}


def test_once_for_each_key_and_address(owner: Person) -> None:
    given = a_person(owner)
    first = mutate(owner, "invite", **given)
    assert mutate(owner, "invite", **given)["portalUser"] == first["portalUser"]
    other = mutate(owner, "invite", **given | {"surname": "Inna"})
    assert refusals(other) == [("IDEMPOTENCY_CONFLICT", ["input", "idempotencyKey"])]
    twin = a_person(owner, email=given["email"].upper())
    assert refusals(mutate(owner, "invite", **twin)) == [("ALREADY_USER", ["input", "email"])]
    assert list(users(owner)).count(first["portalUser"]["login"]) == 1


@pytest.mark.parametrize(
    ("changed", "path"),
    [
        ({"email": "anna"}, "email"),
        ({"email": "anna@localhost"}, "email"),
        ({"email": "anna@example.com\r\nBcc: all@example.com"}, "email"),
        ({"email": "Anna <anna@example.com>"}, "email"),
        ({"email": f"{'a' * 65}@example.com"}, "email"),
        ({"firstName": "  "}, "firstName"),
        ({"surname": "x" * 61}, "surname"),
        ({"surname": "No\nwa"}, "surname"),
        ({"role": "UNKNOWN"}, "role"),
        ({"idempotencyKey": "short"}, "idempotencyKey"),
    ],
    ids=str,
)
def test_what_breaks_a_rule(changed: dict[str, Any], path: str, owner: Person) -> None:
    before = users(owner)
    payload = mutate(owner, "invite", **a_person(owner, **changed))
    assert refusals(payload) == [("INVALID", ["input", path])]
    assert f"'{path}'" in payload["errors"][0]["message"]
    assert users(owner) == before


@pytest.mark.parametrize("login", ["001000801", "001000802", "001000803"])
def test_only_an_owner_manages_users(login: str, enter: Callable[[str], Person], owner: Person) -> None:
    person, before = enter(login), users(owner)
    known = {"clientId": client_id(person), "login": "001000801"}
    asked = {"invite": a_person(person), "resend": known, "role": known | {"role": "OWNER"}, "remove": known}
    for what, given in asked.items():
        answer = person.ask(MUTATIONS[what] % PAYLOAD, input=given)
        assert answer["data"] == {"it": None}
        assert [error["extensions"]["code"] for error in answer["errors"]] == ["FORBIDDEN"], what
    assert users(owner).keys() == before.keys()
    assert users(owner)["001000801"]["role"] == "ACCOUNTANT"


def test_the_last_owner_stays(enter: Callable[[str], Person]) -> None:
    person = enter("0010007")
    me = {"clientId": client_id(person, "0010007"), "login": "0010007"}
    last = [("LAST_OWNER", ["input", "login"])]
    assert refusals(mutate(person, "remove", **me)) == last
    assert refusals(mutate(person, "role", **me, role="READ_ONLY")) == last
    assert not logged_out(person)
    other = invited(person, "0010007", role="OWNER")["login"]
    heir = enter(other)
    assert mutate(person, "remove", **me)["portalUser"]["login"] == "0010007"
    assert logged_out(person)
    assert person.submit("/login", login="0010007", password=PASSWORD).status_code == 422
    assert list(users(heir, "0010007")) == [other]
    assert refusals(mutate(heir, "remove", **me | {"login": other})) == last


def test_removal_ends_the_sessions_at_once(owner: Person, enter: Callable[[str], Person]) -> None:
    login = invited(owner)["login"]
    one, two = enter(login), enter(login)
    who = {"clientId": client_id(owner), "login": login}
    payload = mutate(owner, "remove", **who)
    assert (payload["errors"], payload["portalUser"]["login"]) == ([], login)
    assert logged_out(one)
    assert logged_out(two)
    assert one.submit("/login", login=login, password=PASSWORD).status_code == 422
    assert login not in users(owner)
    assert refusals(mutate(owner, "remove", **who)) == [("NOT_FOUND", ["input", "login"])]
    assert refusals(mutate(owner, "resend", **who)) == [("NOT_FOUND", ["input", "login"])]


def test_another_role_counts_from_the_next_login(owner: Person, enter: Callable[[str], Person]) -> None:
    login = invited(owner, role="READ_ONLY")["login"]
    person = enter(login)
    who = {"clientId": client_id(owner), "login": login}
    assert mutate(owner, "role", **who, role="OWNER")["portalUser"]["role"] == "OWNER"
    assert logged_out(person)
    person.log_in(login)
    assert person.data(CLIENTS)["viewer"]["user"]["role"] == "OWNER"
    assert refusals(mutate(owner, "role", **who, role="UNKNOWN")) == [("INVALID", ["input", "role"])]
    # Once an owner, always with the rights of today: after a demotion nothing more is done.
    assert mutate(owner, "role", **who, role="FLEET")["portalUser"]["role"] == "FLEET"
    person.log_in(login)
    (error,) = person.ask(MUTATIONS["remove"] % PAYLOAD, input=who)["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"


def test_who_acts_for_several_clients_loses_one(enter: Callable[[str], Person]) -> None:
    head, member = enter("0010010"), enter("0010011")
    who = {"clientId": client_id(member, "0010011"), "login": "0010010"}
    refused = mutate(member, "role", **who, role="READ_ONLY")
    assert refusals(refused) == [("NOT_PERMITTED", ["input", "login"])], "it would count for others' clients"
    assert not logged_out(head)
    assert mutate(member, "remove", **who)["errors"] == []
    assert logged_out(head)
    assert list(users(member, "0010011")) == ["0010011"]
    head.log_in("0010010")
    numbers = [node["number"] for node in head.data(CLIENTS)["viewer"]["clients"]["nodes"]]
    assert numbers == ["0010010", "0010012"]
    assert head.data('{ client(number: "0010011") { number } }') == {"client": None}


def test_without_the_back_office_nobody_is_added(owner: Person, sandbox: Sandbox) -> None:
    given, before = a_person(owner), users(owner)
    with sandbox.fault("/v1/accounts", status=503):
        (error,) = owner.ask(MUTATIONS["invite"] % PAYLOAD, input=given)["errors"]
    assert error["extensions"]["code"] == "UPSTREAM_UNAVAILABLE"
    assert "idempotencyKey" in error["message"], "it says that the same may be sent again"
    assert users(owner) == before
    assert mutate(owner, "invite", **given)["invitationSent"] is True


def test_a_user_who_could_not_be_invited_is_there_and_invited_later(owner: Person, sandbox: Sandbox) -> None:
    given = a_person(owner)
    with sandbox.fault("/v1/accounts/get", status=503):
        payload = mutate(owner, "invite", **given)
    assert (payload["errors"], payload["invitationSent"]) == ([], False)
    login = payload["portalUser"]["login"]
    assert login in users(owner)
    assert sandbox.mails(given["email"]) == []
    who = {"clientId": given["clientId"], "login": login}
    assert mutate(owner, "resend", **who)["portalUser"]["login"] == login
    mails(sandbox, given["email"])
    for _ in range(4):
        assert mutate(owner, "resend", **who)["errors"] == []
    assert refusals(mutate(owner, "resend", **who)) == [("TOO_MANY_INVITATIONS", ["input", "login"])]
    active = who | {"login": FLEET}
    assert refusals(mutate(owner, "resend", **active)) == [("ALREADY_ACTIVE", ["input", "login"])]


def test_a_gateway_killed_before_the_invitation_loses_nobody(
    owner: Person, sandbox: Sandbox, house: Gateway
) -> None:
    """The back office has taken the user; the same input, sent again, invites the same user."""
    given = a_person(owner)
    with sandbox.fault("/v1/accounts/get", mode="hang"):
        sandbox.ask("DELETE", "/sandbox/calls")
        asking = threading.Thread(target=lambda: _ask_in_vain(owner, given))
        asking.start()
        give_up = time.monotonic() + 20
        while not any(
            call["path"] == "/v1/accounts" and call["status"] == 201
            for call in sandbox.ask("GET", "/sandbox/calls")["calls"]
        ):
            assert time.monotonic() < give_up
            time.sleep(0.02)
        house.process.stop(signal.SIGKILL)
        asking.join(20)
    house.restart()
    payload = mutate(owner, "invite", **given)
    assert (payload["errors"], payload["invitationSent"]) == ([], True)
    added = sandbox.ask(
        "POST", "/v1/accounts/list", {"by": "client", "keys": [FLEET], "filter": {}, "first": None}
    )
    emails = [item["email"] for item in added["results"][0]["items"]]
    assert emails.count(given["email"]) == 1
    mails(sandbox, given["email"])


def _ask_in_vain(person: Person, given: dict[str, Any]) -> None:
    with suppress(httpx2.TransportError):
        person.ask(MUTATIONS["invite"] % PAYLOAD, input=given)


def test_a_stranger_manages_nobody(house: Gateway, sandbox: Sandbox, owner: Person) -> None:
    given = a_person(owner)
    with Person(house, sandbox) as stranger:
        assert stranger.data(MUTATIONS["invite"] % PAYLOAD, input=given) == {"it": None}
