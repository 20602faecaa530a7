"""Records of which only some columns are read: those are as in a whole one, and nobody's safety is less."""

import asyncio
import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from msgspec import inspect

import connectors.erp.rest.erp  # noqa: F401  all records are known now
from connectors import columns
from connectors.batch import MOST_PARTS, BatchDecoder, Page, by
from connectors.erp.records.invoice import AllocationRecord, InvoiceRecord
from connectors.erp.rest.collection import Collection, every
from connectors.errors import MalformedRecord
from connectors.projection import certain, projection, record_class
from connectors.record import Record
from connectors.resilience import Guard
from connectors.wording import are_worded
from resolvers.policy import visible_each
from resolvers.viewer import Role, Viewer
from tests.connectors.test_finite import sample

PARTIAL = [each for each in Record.__subclasses__() if each.always is not None]
OWNER = "0010001"
VIEWER = Viewer(OWNER, "Anna", Role.OWNER, frozenset({OWNER}))
partial = pytest.mark.parametrize("record", PARTIAL, ids=lambda record: record.__name__)


@contextmanager
def asking(record: type[Record], *names: str) -> Iterator[None]:
    token = columns.asked.set({record: frozenset(names)})
    try:
        yield
    finally:
        columns.asked.reset(token)


def written(record: type[Record], **values: Any) -> dict[str, Any]:
    """As the back office writes one."""
    return {**sample(inspect.type_info(record)), "clientNumber": OWNER, **values}


def page(*items: Mapping[str, Any]) -> bytes:
    return msgspec.json.encode({"results": [{"items": items, "hasNext": False, "next": None}]})


def read(record: type[Record], *items: Mapping[str, Any]) -> list[Any]:
    decoder = BatchDecoder("erp", "record", record)
    (found,) = decoder.pages([OWNER], page(*items), by("client_number"))
    return list(found.items)


@partial
def test_what_is_asked_for_is_there_and_nothing_else(record: type[Record]) -> None:
    always = {*(record.always or ()), "client_number", "as_of"}
    raw = written(record)
    (whole,) = read(record, raw)
    assert type(whole) is record
    for name in record.__struct_fields__:
        with asking(record, name):
            (part,) = read(record, raw)
        assert set(part.__struct_fields__) == always | {name}
        for each in part.__struct_fields__:
            alike = str if each in record.shown else lambda value: value
            assert alike(getattr(part, each)) == alike(getattr(whole, each))
        for missing in set(record.__struct_fields__) - always - {name}:
            with pytest.raises(AttributeError):
                getattr(part, missing)
        assert record_class(part) is record
        told = certain(type(part))
        assert all(type(getattr(part, each)) in kinds for each, kinds in told.items())
        assert certain(record) == {}
        assert not gc.is_tracked(part)
        with pytest.raises(AttributeError):
            part.client_number = "0010003"


@partial
def test_a_record_is_malformed_by_what_is_asked_for(record: type[Record]) -> None:
    """An error of its own, beside neighbours that are read."""
    names = dict(zip(record.__struct_fields__, record.__struct_encode_fields__, strict=True))
    for name, encoded in names.items():
        broken = written(record, **{encoded: {"no": "value"}})
        if name in {*(record.always or ()), "client_number", "as_of"}:
            continue
        with asking(record):
            assert not any(isinstance(each, MalformedRecord) for each in read(record, broken))
        with asking(record, name):
            first, error, last = read(record, written(record), broken, written(record))
        assert isinstance(error, MalformedRecord)
        assert f"$.{encoded}" in error.reason
        assert error.client_number == OWNER
        assert first == last
        assert set(first.__struct_fields__) < set(names), "the neighbours are still read in part"


@pytest.mark.parametrize("amount", ["NaN", "-Infinity"])
def test_an_amount_that_is_no_number_too(amount: str) -> None:
    broken = written(AllocationRecord, amount=amount)
    with asking(AllocationRecord, "kind"):
        assert isinstance(read(AllocationRecord, broken)[0], Record)
    with asking(AllocationRecord, "amount"):
        (error,) = read(AllocationRecord, broken)
    assert isinstance(error, MalformedRecord)
    assert "$.amount" in error.reason


@pytest.mark.parametrize("amount", ["1.50", "-0.00", "1E+2", "+5.00", "007", "0.0000001", 12, 1.5])
def test_amounts_that_are_shown_are_worded_as_decimals_are(amount: Any) -> None:
    """However the back office words one of them."""
    mine, other = written(AllocationRecord, amount=amount), written(AllocationRecord, amount="2.00")
    whole = read(AllocationRecord, mine, other)
    with asking(AllocationRecord, "amount"):
        parts = read(AllocationRecord, mine, other)
    assert [str(each.amount) for each in parts] == [str(each.amount) for each in whole]


@pytest.mark.parametrize(
    ("amounts", "worded"),
    [
        ([], True),
        (["0", "-1", "0.00", "-0.5", "1460.00", "0.000001", "123456789012345678901234567890.12"], True),
        *(
            (["1.00", each, "2.00"], False)
            for each in ("", " ", "-", ".", "1.", ".5", "00", "-01", "1.0000001")
        ),
        *(
            (["1.00", each, "2.00"], False)
            for each in ("+1", "1E2", "1e-9", "NaN", "-Infinity", "1_0", "1,5")
        ),
        *(
            (["1.00", each, "2.00"], False)
            for each in ("1\n2", "1\n", "\n", "\u0661", "1.\u0665", "--1", "1.2.3")
        ),
    ],
)
def test_what_is_a_number_in_the_usual_wording(amounts: list[str], worded: bool) -> None:
    assert are_worded(amounts) == worded
    assert not worded or [str(Decimal(each)) for each in amounts] == amounts


@partial
def test_what_is_shown_only_is_a_plain_amount(record: type[Record]) -> None:
    """And nothing that resolvers find whatever is asked for."""
    assert not record.shown & (record.always or frozenset())
    assert {record.__annotations__[name] for name in record.shown} <= {Decimal}


@partial
def test_whose_it_is_is_always_known(record: type[Record]) -> None:
    """So what another client's is, nobody is shown, in a page or by itself."""
    with asking(record):
        decoder = BatchDecoder("erp", "record", record)
        named = min(record.always or (), key=len)
        body = page(written(record), written(record, clientNumber="0010003"))
        key = sample(inspect.type_info(record))[
            dict(zip(record.__struct_fields__, record.__struct_encode_fields__, strict=True))[named]
        ]
        (found,) = decoder.pages([key], body, by(named))
    own, foreign = found.items
    assert isinstance(foreign, Record)
    assert visible_each(VIEWER, [found]) == [Page([own])]
    assert visible_each(VIEWER, [foreign, own]) == [None, own]
    assert visible_each(None, [own]) == [None]


def test_a_record_under_a_foreign_key_is_malformed() -> None:
    with asking(InvoiceRecord, "net"):
        (error,) = read(InvoiceRecord, written(InvoiceRecord, clientNumber="0010003"))
    assert isinstance(error, MalformedRecord)


def test_an_owner_is_there_even_where_nobody_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AllocationRecord, "always", frozenset[str]())
    assert "client_number" in projection(AllocationRecord, frozenset()).__struct_fields__


def test_lists_over_everything_are_whole() -> None:
    """They are for tools, whose readings are counted by class."""
    decoder = BatchDecoder("erp", "invoice", InvoiceRecord)
    with asking(InvoiceRecord, "net"):
        (found,) = decoder.pages(["all"], page(written(InvoiceRecord)), every)
    assert type(found.items[0]) is InvoiceRecord


def test_a_class_that_is_not_asked_about_is_whole() -> None:
    with asking(InvoiceRecord, "net"):
        assert type(read(AllocationRecord, written(AllocationRecord))[0]) is AllocationRecord


def test_sets_of_columns_are_bounded() -> None:
    """Whatever is asked: classes live as long as the process."""
    decoder = BatchDecoder("erp", "allocation", AllocationRecord)
    raw = page(written(AllocationRecord))
    kinds = set()
    for number in range(MOST_PARTS + 20):
        with asking(AllocationRecord, "kind", f"made up {number}"):
            (found,) = decoder.pages([OWNER], raw, by("client_number"))
        kinds.add(type(found.items[0]))
    assert len(kinds - {AllocationRecord}) == MOST_PARTS
    assert AllocationRecord in kinds


async def test_operations_that_share_an_answer_each_read_their_own_columns() -> None:
    """What is shared between equal questions under way are bytes."""
    guard, began, gate, calls = Guard("erp"), asyncio.Event(), asyncio.Event(), list[str]()

    class Http:
        system = "erp"

        async def read(self, path: str, question: bytes) -> bytes:
            async def answer() -> bytes:
                calls.append(path)
                began.set()
                await gate.wait()
                return page(written(InvoiceRecord))

            return await guard.call(answer, repeatable=True, same=(path, question))

    http: Any = Http()
    invoices = Collection(http, "invoices", "invoice", InvoiceRecord)

    async def ask(*names: str) -> Any:
        token = columns.asked.set({InvoiceRecord: frozenset(names)} if names else None)
        try:
            (found,) = await invoices.pages("client", [OWNER], by("client_number"))
        finally:
            columns.asked.reset(token)
        return found.items[0]

    asked = [asyncio.create_task(ask(*names)) for names in (("net",), ("vat", "state"), ())]
    await began.wait()
    gate.set()
    net, others, whole = await asyncio.gather(*asked)
    assert calls == ["/v1/invoices/list"]
    assert type(whole) is InvoiceRecord
    assert (net.net, others.vat, others.state) == (whole.net, whole.vat, whole.state)
    assert not hasattr(net, "vat")
    assert not hasattr(others, "net")
