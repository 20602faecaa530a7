"""Who may see what."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest

from connectors.batch import Page
from connectors.documents.port import DocumentKind, DocumentRecord
from connectors.erp.records.client import BalanceRecord
from connectors.errors import MalformedRecord, UpstreamUnavailable
from connectors.record import Record
from resolvers import policy
from resolvers.errors import MissingScope
from resolvers.viewer import Asker, Role, Tool, Viewer

MOMENT = datetime(2026, 11, 22, tzinfo=UTC)
ZERO = Decimal(0)


class Owned(Record, frozen=True):
    """Of a client, or of none."""

    client_number: str | None


class Shared(Record, frozen=True):
    """Names no client at all."""


VIEWER = Viewer("0010010", "Zofia", Role.OWNER, frozenset({"0010010", "0010011"}))
NOBODY_S = Viewer("x", "x", Role.OWNER, frozenset())
OWN, OTHER, FOREIGN, UNNAMED = (
    Owned(as_of=MOMENT, client_number=number) for number in ("0010010", "0010011", "0010001", None)
)


@pytest.mark.parametrize(
    ("viewer", "shown"),
    [(VIEWER, [True, True, False, True]), (NOBODY_S, [False, False, False, True]), (None, [False] * 4)],
    ids=["a group", "nobody's", "no viewer"],
)
def test_records(viewer: Viewer | None, shown: list[bool]) -> None:
    for record, seen in zip((OWN, OTHER, FOREIGN, UNNAMED), shown, strict=True):
        assert policy.may_see(viewer, record) is seen
        assert policy.visible(viewer, record) is (record if seen else None)


def test_without_a_viewer_nothing_is_seen() -> None:
    assert policy.visible(None, Shared(as_of=MOMENT)) is None
    assert policy.visible(None, Page([OWN, UNNAMED])).items == []


def test_pages_lose_what_is_foreign_and_keep_their_place() -> None:
    broken = MalformedRecord("erp", "invoice 4711", "no date")
    page = Page([OWN, FOREIGN, broken, OTHER], True, ("2026-11-22", "7"))
    assert policy.visible(VIEWER, page) == Page([OWN, broken, OTHER], True, ("2026-11-22", "7"))
    whole = Page([OWN, OTHER])
    assert policy.visible(VIEWER, whole) is whole


def test_a_malformed_record_is_an_error_to_its_own_client_only() -> None:
    """To others it must answer like what does not exist, or they could tell that it does."""
    for number, seen in (("0010010", True), ("0010011", True), ("0010001", False), (None, False)):
        broken = MalformedRecord("erp", "invoice 4711", "no date", number)
        assert policy.visible(VIEWER, broken) is (broken if seen else None)
        assert policy.visible(None, broken) is None


def test_the_rest_passes() -> None:
    error = UpstreamUnavailable("erp")
    assert policy.visible(VIEWER, None) is None
    assert policy.visible(VIEWER, 17) == 17
    assert policy.visible(VIEWER, error) is error


@pytest.mark.parametrize("number", ["0010010 ", "10010", "0010010\0", "", "00100100"])
def test_a_similar_number_is_another_client(number: str) -> None:
    assert policy.visible(VIEWER, Owned(as_of=MOMENT, client_number=number)) is None


TOOL = Tool("helpdesk", "Helpdesk", frozenset({"payments:read"}))
BALANCE = BalanceRecord(
    as_of=MOMENT, client_number="0010001", currency="PLN", open=ZERO, overdue=ZERO, unallocated_credit=ZERO,
    receivable=ZERO,
)  # fmt: skip


ARCHIVE = Tool("archive", "Archive", frozenset({"documents:read"}))


def document(key: str, holder: str | None) -> DocumentRecord:
    """A document of a client of the viewer's; with a holder it is an upload that waits for its request."""
    expires = None if holder is None else MOMENT
    return DocumentRecord(
        as_of=MOMENT, id=key, owner="client:0010010", client_number="0010010", kind=DocumentKind.ATTACHMENT,
        title=key, file_name=f"{key}.pdf", mime_type="application/pdf", size=1, sha256="0" * 64,
        issued_on=None, uploaded_by=holder, expires_at=expires,
    )  # fmt: skip


KEPT, MINE, COLLEAGUE_S = document("kept", None), document("mine", "0010010"), document("theirs", "0010011")


def test_a_tool_sees_of_every_client_what_its_scopes_cover() -> None:
    other = Tool("crm", "CRM", frozenset({"clients:read", "payments"}))
    page = Page([BALANCE, OWN])
    policy.check(TOOL, BalanceRecord)
    assert policy.visible(TOOL, BALANCE) is BALANCE
    assert policy.visible(TOOL, page).items == [BALANCE], "a type without a row is nobody's"
    assert policy.visible(other, page).items == []
    with pytest.raises(MissingScope, match="payments:read"):
        policy.check(other, BalanceRecord)
    with pytest.raises(KeyError):
        policy.check(TOOL, Owned)


def test_people_and_strangers_are_never_told_of_scopes() -> None:
    for asker in (VIEWER, NOBODY_S, None):
        policy.check(asker, BalanceRecord)
    assert not policy.acts_for(None, "0010010")


def test_a_tool_is_told_of_every_malformed_record() -> None:
    broken = MalformedRecord("erp", "balance", "no currency", None)
    assert policy.visible(TOOL, broken) is broken


RESULTS = [
    Page([OWN, OTHER]), Page([]), Page([OWN, FOREIGN]), Page([UNNAMED]), Page([Shared(as_of=MOMENT)]),
    Page([MalformedRecord("erp", "invoice 4711", "no date", "0010001"), OWN]),
    OWN, FOREIGN, UNNAMED, None, 17, UpstreamUnavailable("erp"),
    MalformedRecord("erp", "invoice 4711", "no date", "0010001"),
    BALANCE, Page([BALANCE]), MINE, Page([MINE]), COLLEAGUE_S, Page([COLLEAGUE_S]), Page([KEPT, COLLEAGUE_S]),
]  # fmt: skip


@pytest.mark.parametrize(
    "asker",
    [VIEWER, NOBODY_S, None, TOOL, ARCHIVE],
    ids=["a group", "nobody's", "nobody", "a tool", "another tool"],
)
@pytest.mark.parametrize("width", [1, 2, len(RESULTS)])
def test_many_results_are_seen_like_each_of_them(asker: Asker | None, width: int) -> None:
    for begin in range(len(RESULTS)):
        some = RESULTS[begin : begin + width]
        assert policy.visible_each(asker, some) == [policy.visible(asker, result) for result in some]


def test_an_upload_is_its_holder_s_alone_until_a_request_took_it() -> None:
    page = Page([KEPT, COLLEAGUE_S, MINE])
    assert [policy.visible(VIEWER, each) for each in page.items] == [KEPT, None, MINE]
    (shown,) = policy.visible_each(VIEWER, [page])
    assert shown.items == [KEPT, MINE]
    (told,) = policy.visible_each(ARCHIVE, [page])
    assert told.items == [KEPT]
