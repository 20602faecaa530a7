"""Internal tools: what each scope shows, of every client; and what none shows."""

from collections.abc import Callable
from typing import Any

import pytest
from graphql import get_named_type

from execution.engine import Engine
from resolvers.nodes import TYPE_NAMES
from resolvers.scopes import SCOPES
from tests.harness.crawl import SCHEMA, root_fields, selection, strings
from tests.harness.person import Person
from tests.harness.processes import Sandbox
from tests.harness.tools import EVERY_SCOPE, Door

CLIENTS = ["0010001", "0010010"]
ROOTS = {"client": "0010001", "contract": "LO/2025/000001", "invoice": "FV/2026/0000038"}
SEARCHES = ("clients", "contracts", "invoices")


def whole(client: str) -> str:
    body = selection(get_named_type(root_fields()["client"].type), 3)
    return f'{{ it: client(number: "{client}") {body} }}'


@pytest.mark.parametrize("client", CLIENTS)
async def test_with_every_scope_a_tool_sees_what_the_client_sees(
    client: str, door: Door, logged_in: Callable[[str], Person]
) -> None:
    """All but what is the person's own, such as their address and links, or the other store's: logins."""
    found = await door.data(whole(client), door.tool(*EVERY_SCOPE))
    theirs = logged_in(client).data(whole(client))
    own = {
        "Download_url",
        "Download_expiresAt",
        "Notification_readAt",
        "PortalUser_email",
        "PortalUser_lastLoginAt",
    }

    def shown(data: Any) -> list[tuple[str, str]]:
        return sorted((key, value) for key, value in strings(data) if key not in own)

    assert len(shown(found)) > 300
    assert shown(found) == shown(theirs)


@pytest.mark.parametrize("missing", sorted(EVERY_SCOPE))
async def test_without_a_scope_each_field_says_which(missing: str, door: Door) -> None:
    """Never a silent null: each error is FORBIDDEN and names the scope, and nothing of the kind is told."""
    token = door.tool(*(EVERY_SCOPE - {missing}))
    lists = " ".join(
        f"{name}(first: 3) {selection(get_named_type(root_fields()[name].type), 3)}" for name in SEARCHES
    )
    answer = await door.ask(f"{{ {lists} }}", token)
    assert answer["errors"]
    for error in answer["errors"]:
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert error["extensions"]["scope"] == missing
        assert missing in error["message"]
    types = {TYPE_NAMES.get(record) for record, scope in SCOPES.items() if scope == missing}
    seen = {value for key, value in strings(answer["data"]) if key == "__typename"}
    assert seen
    assert not seen & types


@pytest.mark.parametrize("field", [*ROOTS, *SEARCHES, "serviceRequest"])
async def test_a_tool_without_scopes_reads_nothing(field: str, door: Door) -> None:
    given = "" if field in SEARCHES else f'(number: "{ROOTS.get(field, "WN/2026/000001")}")'
    answer = await door.ask(f"{{ {field}{given} {{ __typename }} }}", door.tool())
    assert answer["data"] == {field: None}
    (error,) = answer["errors"]
    assert error["extensions"]["code"] == "FORBIDDEN"
    assert error["extensions"]["scope"] in EVERY_SCOPE


async def test_a_scope_that_is_missing_tells_not_whether_the_thing_exists(door: Door) -> None:
    query = '{ contract(number: "%s") { number } }'
    answers = [await door.ask(query % number, door.tool()) for number in (ROOTS["contract"], "LO/1999/1")]
    for answer in answers:
        del answer["errors"][0]["extensions"]["requestId"]
    assert answers[0] == answers[1]


async def test_every_root_field_with_a_number_or_id(door: Door, backoffice: Sandbox) -> None:
    token = door.tool(*EVERY_SCOPE)
    (request, *_) = backoffice.page("requests", "client", "0010003")
    found = await door.data(
        f"""{{ client(number: "0010003") {{ id number }} contract(number: "{ROOTS["contract"]}") {{ number }}
        invoice(number: "{ROOTS["invoice"]}") {{ id number client {{ number }} }}
        missing: invoice(number: "x") {{ id }}
        serviceRequest(number: "{request["number"]}") {{ number }} viewer {{ user {{ login }} }} }}""",
        token,
    )
    assert found["client"]["number"] == "0010003"
    assert found["contract"]["number"] == ROOTS["contract"]
    assert found["serviceRequest"]["number"] == request["number"]
    assert (found["missing"], found["viewer"]) == (None, None)
    ids = [found["client"]["id"], found["invoice"]["id"]]
    again = await door.data(
        f'{{ node(id: "{ids[0]}") {{ id }} nodes(ids: ["{ids[0]}", "{ids[1]}"]) {{ id }} }}', token
    )
    assert again == {"node": {"id": ids[0]}, "nodes": [{"id": each} for each in ids]}


async def test_a_tool_changes_nothing(door: Door) -> None:
    """Whatever it names and whatever its scopes: every mutation of the schema is refused before it begins."""
    assert SCHEMA.mutation_type is not None
    token = door.tool(*EVERY_SCOPE, "portal")
    for name, field in SCHEMA.mutation_type.fields.items():
        given: Any = {}
        query = f"mutation($input: {field.args['input'].type}) {{ {name}(input: $input) {{ __typename }} }}"
        given = example(get_named_type(field.args["input"].type))
        answer = await door.http.post(
            "/graphql",
            json={"query": query, "variables": {"input": given}},
            headers={"Authorization": f"Bearer {token}"},
        )
        told = answer.json()
        assert told.get("data") == {name: None}, (name, told)
        (error,) = told["errors"]
        assert error["extensions"]["code"] == "FORBIDDEN"
        assert "only reads" in error["message"]


EXAMPLES: dict[str, Any] = {
    "String": "Nowa 1", "ID": "x", "Int": 1, "Boolean": True, "Date": "2026-12-01", "Decimal": "1.00",
    "CurrencyCode": "PLN", "DateTime": "2026-12-01T00:00:00Z",
}  # fmt: skip


def example(named: Any) -> Any:
    """A value of an input type that the schema takes: all that is required; of a choice, the first."""
    if named.name in EXAMPLES:
        return EXAMPLES[named.name]
    if hasattr(named, "values"):
        return next(iter(named.values))
    fields = {name: field for name, field in named.fields.items() if str(field.type).endswith("!")}
    if not fields:
        fields = dict([next(iter(named.fields.items()))])
    made = {}
    for name, field in fields.items():
        value = example(get_named_type(field.type))
        made[name] = [value] if str(field.type).startswith("[") else value
    return made


async def test_what_depends_on_the_user_is_as_for_a_new_one(door: Door) -> None:
    found = await door.data(
        """{ client(number: "0010001") { promotions { code } all: promotions(includeDismissed: true) { code }
        notifications { totalCount nodes { readAt } } unread: notifications(unreadOnly: true) { totalCount }
        availableRequests { reason } users { email } } }""",
        door.tool(*EVERY_SCOPE),
    )
    client = found["client"]
    assert client["promotions"] == client["all"] != []
    assert client["notifications"]["totalCount"] == client["unread"]["totalCount"] > 0
    assert {each["readAt"] for each in client["notifications"]["nodes"]} == {None}
    assert "ROLE" not in {each["reason"] for each in client["availableRequests"]}
    assert all("•" in each["email"] for each in client["users"])


async def test_a_users_token_sees_only_their_clients(door: Door) -> None:
    """Whatever scopes it has beside `portal`."""
    token = door.user("0010001", "portal", *EVERY_SCOPE)
    found = await door.data(
        """{ viewer { user { login } clients { nodes { number } } } own: client(number: "0010001") { number }
        other: client(number: "0010003") { number } }""",
        token,
    )
    assert found == {
        "viewer": {"user": {"login": "0010001"}, "clients": {"nodes": [{"number": "0010001"}]}},
        "own": {"number": "0010001"}, "other": None,
    }  # fmt: skip


async def test_a_failure_of_ours_is_called_one(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(Engine, "execute", fail)
    answer = await door.post("{ __typename }", door.tool(*EVERY_SCOPE))
    assert answer.status_code == 500
    (error,) = answer.json()["errors"]
    assert error["extensions"]["code"] == "INTERNAL"
    assert "secret" not in answer.text
