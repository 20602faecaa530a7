"""Who may change what: one table, which every mutation of the built schema stands in and passes."""

from typing import Any, cast

import pytest
import strawberry
from graphql import GraphQLError

from gateway.graphql.errors import formatted
from resolvers.errors import Forbidden
from resolvers.permissions import check, thing_of
from resolvers.viewer import Role, Tool, Viewer
from schema.fields import Info
from schema.permitted import Permitted, permitted
from tests.harness.crawl import SCHEMA
from tests.harness.operations import operation

MUTATIONS = sorted(SCHEMA.mutation_type.fields) if SCHEMA.mutation_type else []

TABLE = {
    "notificationRead": "OWNER ACCOUNTANT FLEET READ_ONLY UNKNOWN",
    "promotionDismiss": "OWNER ACCOUNTANT FLEET READ_ONLY UNKNOWN",
    "portalUserInvite": "OWNER",
    "portalUserInvitationResend": "OWNER",
    "portalUserRoleChange": "OWNER",
    "portalUserRemove": "OWNER",
    "serviceRequestPolicyDuplicateSubmit": "OWNER ACCOUNTANT FLEET READ_ONLY UNKNOWN",  # may_ask decides
    "serviceRequests": "",
    "invoicePay": "",
}


def viewer(role: Role) -> Viewer:
    return Viewer("0010001", "Anna", role, frozenset({"0010001"}))


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_every_mutation_has_a_row_and_is_guarded(mutation: str) -> None:
    assert thing_of(mutation), f"{mutation}: say in resolvers/permissions.py who may do it."
    assert SCHEMA.mutation_type is not None
    field = SCHEMA.mutation_type.fields[mutation].extensions["strawberry-definition"]
    assert any(isinstance(each, Permitted) for each in field.extensions)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("mutation", TABLE)
def test_roles(mutation: str, role: Role) -> None:
    if role.value in TABLE[mutation].split():
        check(viewer(role), mutation)
    else:
        with pytest.raises(Forbidden):
            check(viewer(role), mutation)


@pytest.mark.parametrize("mutation", TABLE)
def test_a_tool_changes_nothing(mutation: str) -> None:
    with pytest.raises(Forbidden):
        check(Tool("helpdesk", "Helpdesk", frozenset({"clients:read", mutation})), mutation)


done: list[str] = []


async def _order(info: Info) -> str | None:
    done.append(info.context.viewer.login if info.context.viewer else "a stranger")
    return "done"


@permitted
@strawberry.type
class Changes:
    """Mutations of a schema of this test."""

    service_request_order: str | None = strawberry.field(resolver=_order)
    car_order: str | None = strawberry.field(resolver=_order)


@strawberry.type
class Nothing:
    """Its queries."""

    nothing: str | None = None


@pytest.mark.parametrize(
    ("role", "mutation", "allowed"),
    [
        (Role.FLEET, "serviceRequestOrder", True),
        (Role.READ_ONLY, "carOrder", False),
        (Role.OWNER, "carOrder", False),
    ],
)
async def test_what_is_forbidden_is_not_begun(role: Role, mutation: str, allowed: bool) -> None:
    done.clear()
    result = await run(viewer(role), mutation)
    assert result.data == {mutation: "done" if allowed else None}
    assert bool(done) == allowed
    if not allowed:
        (error,) = result.errors
        told = formatted(cast("GraphQLError", error), "of-this-test")
        assert told["extensions"] == {"code": "FORBIDDEN", "requestId": "of-this-test"}
        assert role.value in told["message"]


async def test_a_stranger_changes_nothing() -> None:
    done.clear()
    result = await run(None, "serviceRequestOrder")
    assert (result.data, result.errors, done) == ({"serviceRequestOrder": None}, None, [])


async def run(who: Viewer | None, mutation: str) -> Any:
    schema = strawberry.Schema(query=Nothing, mutation=Changes)
    return await schema.execute(f"mutation {{ {mutation} }}", context_value=operation(who))
