"""How many people one user may invite: each invitation is a mail to an address of the user's choice."""

import httpx2
import pytest

from resolvers import user_invitation
from tests.harness.tools import Door

OWNER, OTHER_OWNER = "0010007", "0010008"
INVITE = """mutation($input: PortalUserInviteInput!) {
  portalUserInvite(input: $input) { portalUser { login } errors { code path message } } }"""


async def invite(door: Door, login: str, **fields: str) -> list[str]:
    """The errors' codes; the address is that of a user whom the client has already, so nobody is added."""
    token = door.user(login, "portal")
    client = (await door.data(f'{{ client(number: "{login}") {{ id }} }}', token))["client"]["id"]
    given = {
        "idempotencyKey": "limit-0001", "clientId": client, "email": f"efaktury+{login}@example.com",
        "firstName": "Ewa", "surname": "Nowak", "role": "READ_ONLY", **fields,
    }  # fmt: skip
    answer: httpx2.Response = await door.http.post(
        "/graphql",
        json={"query": INVITE, "variables": {"input": given}},
        headers={"Authorization": f"Bearer {token}"},
    )
    told = answer.json()["data"]["portalUserInvite"]
    assert told["portalUser"] is None
    return [error["code"] for error in told["errors"]]


async def test_invitations_of_a_day_are_limited(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_invitation, "MOST_A_DAY", 2)
    assert await invite(door, OWNER, email="no address") == ["INVALID"]
    codes = [await invite(door, OWNER) for _ in range(4)]
    assert codes == [["ALREADY_USER"]] * 2 + [["TOO_MANY_INVITATIONS"]] * 2
    assert await invite(door, OTHER_OWNER) == ["ALREADY_USER"], "each has a count of their own"
