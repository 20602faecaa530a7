"""BatchDecoder: whatever one record is, its neighbours are read."""

import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.batch import BatchDecoder, Page, by, counts
from connectors.erp.records.invoice import AllocationKind, AllocationRecord, InvoiceRecord
from connectors.erp.records.invoice_terms import VatSum
from connectors.erp.records.request import RequestKind, RequestStatus, ServiceRequestRecord
from connectors.errors import MalformedAnswer, MalformedRecord
from tests.resolvers.invoices import invoice

ALLOCATIONS = BatchDecoder("erp", "allocation", AllocationRecord)
REQUESTS = BatchDecoder("erp", "service request", ServiceRequestRecord)

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1)).map(lambda each: each.replace(tzinfo=UTC))  # noqa: DTZ001
amounts = st.decimals(-(10**9), 10**9, places=2)
plain_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
allocations = st.builds(
    AllocationRecord,
    as_of=moments,
    id=st.integers(1, 10**6).map(str),
    client_number=texts,
    invoice_id=texts,
    kind=st.sampled_from(AllocationKind),
    amount=amounts,
    currency=texts,
    booked_on=st.dates(date(1990, 1, 1)),
    posted_at=st.none() | moments,
    payment_id=st.none() | texts,
    credit_invoice_id=st.none() | texts,
)
requests = st.builds(
    ServiceRequestRecord,
    as_of=moments,
    id=st.integers(1, 10**6).map(str),
    number=texts,
    client_number=texts,
    kind=st.sampled_from(RequestKind),
    contract_number=st.none() | texts,
    status=st.sampled_from(RequestStatus),
    submitted_by=texts,
    submitted_at=moments,
    details=st.dictionaries(texts, plain_json, max_size=3),
)

Corruption = Callable[[dict[str, Any]], bytes]


def encoded(value: object) -> bytes:
    return msgspec.json.encode(value)


def without(name: str) -> Corruption:
    return lambda record: encoded({key: value for key, value in record.items() if key != name})


def with_(name: str, value: Any) -> Corruption:
    return lambda record: encoded(record | {name: value})


def with_raw(name: str, raw: bytes) -> Corruption:
    """JSON that no encoder writes."""
    return lambda record: encoded(record | {name: "§"}).replace(encoded("§"), raw)


def in_place(raw: bytes) -> Corruption:
    return lambda _record: raw


REQUIRED = ("id", "clientNumber", "asOf")
CORRUPTIONS = st.one_of(
    st.sampled_from(REQUIRED).map(without),
    st.builds(with_, st.sampled_from(REQUIRED), st.none() | st.integers() | st.booleans() | st.lists(texts)),
    st.builds(
        with_,
        st.just("asOf"),
        st.sampled_from(["", "yesterday", "2026-11-22", "2026-11-22T10:00:00", "2026-13-01T10:00:00Z"]),
    ),
    st.builds(with_raw, st.sampled_from(REQUIRED), st.sampled_from([b'"\xb3\xf3d\xbc"', b'"\xed\xa0\x80"'])),
    st.sampled_from([b"[]", b"{}", b"true", b"17", b'"record"', b'{"id": "7"}', b"[" * 3 + b"]" * 3]).map(
        in_place
    ),
)


def built(record: msgspec.Struct) -> dict[str, Any]:
    """As the back office writes it."""
    whole = msgspec.to_builtins(record)
    assert isinstance(whole, dict)
    return whole


def answer(parts: list[bytes]) -> bytes:
    return b'{"results": [' + b", ".join(parts) + b"]}"


def always(_record: object, _key: object) -> bool:
    return True


@st.composite
def batches(draw: st.DrawFn) -> list[tuple[ServiceRequestRecord | None, bytes]]:
    """(the record, or None where it is broken; its bytes) for each key."""
    batch: list[tuple[ServiceRequestRecord | None, bytes]] = []
    for record in draw(st.lists(requests, max_size=6)):
        corruption = draw(st.none() | CORRUPTIONS)
        batch.append(
            (record, encoded(built(record))) if corruption is None else (None, corruption(built(record)))
        )
    return batch


def check(found: list[Any], batch: list[tuple[ServiceRequestRecord | None, bytes]]) -> None:
    assert len(found) == len(batch)
    for read, (record, raw) in zip(found, batch, strict=True):
        if record is None:
            assert isinstance(read, MalformedRecord), raw
            assert (read.system, read.code) == ("erp", "RECORD_MALFORMED")
            assert read.record.startswith("service request")
            assert read.reason
            str(read).encode()
        else:
            assert read == record


@given(batches())
def test_records(batch: list[tuple[ServiceRequestRecord | None, bytes]]) -> None:
    found = REQUESTS.records([""] * len(batch), answer([raw for _, raw in batch]), always)
    check(found, batch)


@given(st.lists(batches(), max_size=4), st.booleans())
def test_pages(groups: list[list[tuple[ServiceRequestRecord | None, bytes]]], more: bool) -> None:
    tail = (
        b'], "hasNext": true, "next": ["2026-01-01", "7"]}' if more else b'], "hasNext": false, "next": null}'
    )
    body = answer([b'{"items": [' + b",".join(raw for _, raw in batch) + tail for batch in groups])
    pages = REQUESTS.pages([""] * len(groups), body, always)
    assert len(pages) == len(groups)
    for page, batch in zip(pages, groups, strict=True):
        check(list(page.items), batch)
        assert (page.has_next, page.next) == ((True, ("2026-01-01", "7")) if more else (False, None))


@given(st.lists(st.none() | allocations, max_size=6), st.integers(0, 6), st.sampled_from([None, 1, "\t"]))
def test_what_is_missing_is_none(
    records: list[AllocationRecord | None], broken_at: int, indent: int | str | None
) -> None:
    """Beside a broken record too, and however the JSON is laid out."""
    results: list[Any] = [record and built(record) for record in records]
    results.insert(broken_at, {"id": "4711"})
    body = json.dumps({"results": results}, indent=indent).encode()
    found = ALLOCATIONS.records([""] * len(results), body, always)
    broken = found.pop(min(broken_at, len(records)))
    assert isinstance(broken, MalformedRecord)
    assert broken.record == "allocation 4711"
    assert found == records


def test_nesting_without_end_is_one_record_s_error() -> None:
    """Deep enough for the decoder of a record to give up, not for the whole answer's."""
    record = built(example())
    for depth in (200, 100_000):
        deep = b"[" * depth + b"]" * depth
        body = answer(
            [encoded(record | {"details": {"a": "§"}}).replace(encoded("§"), deep), encoded(record)]
        )
        try:
            _, second = REQUESTS.records(["", ""], body, always)
        except MalformedAnswer:
            continue
        assert second == example()


def example() -> ServiceRequestRecord:
    moment = datetime(2026, 11, 22, 10, tzinfo=UTC)
    return ServiceRequestRecord(
        as_of=moment,
        id="1",
        number="WN/2026/000001",
        client_number="0010001",
        kind=RequestKind.POLICY_DUPLICATE,
        contract_number=None,
        status=RequestStatus.SUBMITTED,
        submitted_by="0010001",
        submitted_at=moment,
        details={},
    )


@given(st.integers(0, 5), st.integers(0, 5))
def test_the_wrong_length_is_a_malformed_answer(asked: int, answered: int) -> None:
    keys = ["1"] * asked
    whole, broken = encoded(built(example())), b'{"id": "1"}'
    page = b'{"items": [], "hasNext": false, "next": null}'
    for one, read in (
        (whole, lambda body: REQUESTS.records(keys, body, by("id"))),
        (broken, lambda body: REQUESTS.records(keys, body, by("id"))),
        (page, lambda body: REQUESTS.pages(keys, body, by("id"))),
        (b"7", lambda body: counts("erp", keys, body)),
    ):
        body = answer([one] * answered)
        if asked == answered:
            assert len(read(body)) == asked
        else:
            with pytest.raises(MalformedAnswer):
                read(body)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"results": null}',
        b'{"results": {}}',
        b'{"results": [',
        b'{"results": [\xff]}',
        b"<!doctype html><title>502</title>\xff\xfe",
        b'{"results": ' + b"[" * 100_000,
        b'{"results": [{"items": 7}]}',
        b'{"results": ["\xff"]}',
    ],
    ids=lambda body: repr(body[:30]),
)
def test_what_is_no_answer_is_malformed_as_a_whole(body: bytes) -> None:
    def alone(read: Callable[[], list[Any]]) -> None:
        """Either the whole answer can't be read, or its only record."""
        try:
            (only,) = read()
        except MalformedAnswer:
            return
        assert isinstance(only, MalformedRecord)

    alone(lambda: REQUESTS.records(["1"], body, always))
    with pytest.raises(MalformedAnswer):
        REQUESTS.pages(["1"], body, always)
    with pytest.raises(MalformedAnswer):
        counts("erp", ["1"], body)


@given(st.binary(max_size=40))
def test_any_bytes_raise_nothing_else(body: bytes) -> None:
    for wrapped in (body, b'{"results": [' + body + b"]}"):
        for read in (REQUESTS.records, REQUESTS.pages):
            with suppress(MalformedAnswer):
                read(["1"], wrapped, always)
        with suppress(MalformedAnswer):
            counts("erp", ["1"], wrapped)


@given(st.lists(allocations, min_size=1, max_size=5), st.data())
def test_a_record_under_a_foreign_key_is_malformed(
    records: list[AllocationRecord], data: st.DataObject
) -> None:
    foreign = data.draw(st.sets(st.integers(0, len(records) - 1)))
    keys = [f"{record.id}{'x' * (place in foreign)}" for place, record in enumerate(records)]
    body = answer([encoded(built(record)) for record in records])
    found = ALLOCATIONS.records(keys, body, by("id"))
    pages = answer(
        [
            b'{"items": [' + encoded(built(record)) + b'], "hasNext": false, "next": null}'
            for record in records
        ]
    )
    listed = [page.items[0] for page in ALLOCATIONS.pages(keys, pages, by("id"))]
    for read in (found, listed):
        for place, (item, record) in enumerate(zip(read, records, strict=True)):
            if place in foreign:
                assert isinstance(item, MalformedRecord)
                assert record.id not in str(item), "it may be another client's"
            else:
                assert item == record


@pytest.mark.parametrize("code", ["INVENTED_TOMORROW", "", "payment", "ŻÓŁW"])
def test_an_unknown_code_is_unknown(code: str) -> None:
    record = built(example()) | {"kind": code, "status": code}
    (read,) = REQUESTS.records(["1"], answer([encoded(record)]), by("id"))
    assert isinstance(read, ServiceRequestRecord)
    assert (read.kind, read.status) == (RequestKind.UNKNOWN, RequestStatus.UNKNOWN)


def test_unknown_fields_are_ignored() -> None:
    record = built(example()) | {"colour": "blue", "more": [{"x": 1}]}
    assert REQUESTS.records(["1"], answer([encoded(record)]), by("id")) == [example()]


def test_amounts_are_read_to_the_grosz() -> None:
    (page,) = ALLOCATIONS.pages(["7"], answer([b'{"items": [], "hasNext": false, "next": null}']), always)
    assert page == Page([])
    record = {
        "asOf": "2026-11-22T10:00:00Z", "id": "1", "clientNumber": "0010001", "invoiceId": "7",
        "kind": "PAYMENT", "amount": "99999999999.99", "currency": "PLN", "bookedOn": "2026-11-20",
        "postedAt": None, "paymentId": None, "creditInvoiceId": None,
    }  # fmt: skip
    (read,) = ALLOCATIONS.records(["1"], answer([encoded(record)]), by("id"))
    assert isinstance(read, AllocationRecord)
    assert read.amount == Decimal("99999999999.99")


@pytest.mark.parametrize(
    "amount", ["NaN", "nan", "-NaN", "sNaN", "nan17", "Infinity", "-inf", "+INFINITY", " NaN "]
)
def test_an_amount_that_is_no_number_is_its_record_s_error(amount: str) -> None:
    good = built(allocation("1"))
    body = answer([encoded(good), encoded(built(allocation("2")) | {"amount": amount})])
    page = (
        b'{"items": [' + body.partition(b"[")[2].rpartition(b"]")[0] + b'], "hasNext": false, "next": null}'
    )
    found = ALLOCATIONS.records(["1", "2"], body, by("id"))
    (listed,) = ALLOCATIONS.pages(["0010001"], answer([page]), by("client_number"))
    for read, broken in (found, listed.items):
        assert read == allocation("1")
        assert isinstance(broken, MalformedRecord)
        assert (broken.record, broken.client_number) == ("allocation 2", "0010001")
        assert "$.amount" in broken.reason


def test_the_same_within_a_record_and_its_lists() -> None:
    sums = [VatSum(rate=Decimal(23), net=Decimal(1), vat=Decimal(0), gross=Decimal(1))]
    record = built(invoice(vat_summary=sums))
    record["vatSummary"][0]["vat"] = "Infinity"
    decoder = BatchDecoder("erp", "invoice", InvoiceRecord)
    (broken,) = decoder.records([record["id"]], answer([encoded(record)]), by("id"))
    assert isinstance(broken, MalformedRecord)
    assert broken.reason == "Expected a finite number - at `$.vatSummary[...].vat`"


@pytest.mark.parametrize("text", ["NaN", "Infinity", "Nanotech S.A.", '"NaN"'])
def test_a_text_may_say_so(text: str) -> None:
    record = allocation("1", payment_id=text)
    assert ALLOCATIONS.records(["1"], answer([encoded(built(record))]), by("id")) == [record]


def allocation(key: str, payment_id: str | None = None) -> AllocationRecord:
    return AllocationRecord(
        as_of=datetime(2026, 11, 22, tzinfo=UTC), id=key, client_number="0010001", invoice_id="37",
        kind=AllocationKind.PAYMENT, amount=Decimal("1000.00"), currency="PLN", booked_on=date(2026, 11, 2),
        posted_at=None, payment_id=payment_id, credit_invoice_id=None,
    )  # fmt: skip
