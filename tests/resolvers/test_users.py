"""What the portal keeps of its users: a dead store costs only that. Last logins are one call for a list."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from connectors.batch import Page
from connectors.erp.records.client import AccountRecord, Address, ClientRecord
from connectors.erp.records.promotion import Audience, PromotionRecord, PromotionSlot, Texts
from connectors.errors import MalformedRecord, UpstreamUnavailable
from resolvers.viewer import Role, Viewer
from schema.build import build
from tests.harness.operations import office, operation

NUMBER = "0010001"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
DAY = date(2026, 11, 22)
CLIENT = ClientRecord(
    as_of=NOW, number=NUMBER, name="Anna", legal_form=None, nip=None, regon=None, krs=None,
    registered_seat=Address("Długa", "1", "00-001", "Warszawa", "PL"), correspondence_address=None,
    einvoice_email=None, einvoice_consent_at=None,
)  # fmt: skip
USERS = [
    AccountRecord(
        as_of=NOW, login=f"{NUMBER}{place}", email="a@example.com", first_name="A", surname="B",
        display_name="A B", company_name="C", client_numbers=(NUMBER,), role="OWNER", language="pl",
    )
    for place in range(3)
]  # fmt: skip


def promotion(code: str, priority: int, *, dismissible: bool) -> PromotionRecord:
    texts = Texts(code, code)
    return PromotionRecord(
        as_of=NOW, code=code, client_number=NUMBER, slot=PromotionSlot.CARD, title=texts, body=texts,
        image_url=None, link=None, valid_from=DAY, valid_to=DAY, priority=priority, audience=Audience.ALL,
        dismissible=dismissible,
    )  # fmt: skip


class Erp:
    """Its answers."""

    system = "erp"

    async def clients_by_number(self, numbers: Sequence[str]) -> list[Any]:
        return [CLIENT for _ in numbers]

    async def accounts_by_client(self, numbers: Sequence[str]) -> list[Page[Any]]:
        return [Page(USERS) for _ in numbers]

    async def promotions_by_client(self, numbers: Sequence[str]) -> list[Page[Any]]:
        items = [
            promotion("LAST", 30, dismissible=False),
            MalformedRecord("erp", "promotion", "no code", NUMBER),
            promotion("GONE", 20, dismissible=True),
            promotion("FIRST", 10, dismissible=True),
        ]
        return [Page(items) for _ in numbers]


class State:
    """Dismissed while both could be."""

    async def marks(self, *_: Any) -> dict[str, datetime]:
        return {"GONE": NOW, "LAST": NOW}


class Credentials:
    """The store of logins, there or gone."""

    def __init__(self, gone: bool) -> None:
        self.gone = gone
        self.asked: list[Sequence[str]] = []

    async def last_logins(self, logins: Sequence[str]) -> list[datetime | None]:
        self.asked.append(logins)
        if self.gone:
            raise UpstreamUnavailable("state")
        return [NOW if login.endswith("1") else None for login in logins]


async def asked(query: str, credentials: Credentials) -> Any:
    erp = Erp()
    parts = office(clients=erp, users=erp, promotions=erp)
    viewer = Viewer(NUMBER, "Anna", Role.OWNER, frozenset({NUMBER}))
    asking = operation(viewer, parts, user_state=State(), credentials=credentials)
    return await build().execute(query, context_value=asking)


@pytest.mark.parametrize("gone", [False, True])
async def test_last_logins(gone: bool) -> None:
    credentials = Credentials(gone)
    answer = await asked(
        "{ viewer { clients { nodes { users { login email lastLoginAt } } } } }", credentials
    )
    (client,) = answer.data["viewer"]["clients"]["nodes"]
    assert [user["login"] for user in client["users"]] == [each.login for each in USERS]
    told = "2026-11-22T12:00:00Z"
    assert [user["lastLoginAt"] for user in client["users"]] == [None, None if gone else told, None]
    assert len(credentials.asked) == 1
    assert len(answer.errors or ()) == (3 if gone else 0)
    assert {error.original_error.system for error in answer.errors or ()} <= {"state"}


async def test_what_can_no_longer_be_dismissed_comes_back() -> None:
    answer = await asked("{ viewer { promotions { code } } }", Credentials(gone=False))
    found = answer.data["viewer"]["promotions"]
    assert found == [{"code": "FIRST"}, {"code": "LAST"}, None], "a broken one is its own error, at the end"
    assert len(answer.errors) == 1
