"""What an operation doesn't read isn't decoded, and nobody can tell by its answer."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from connectors.batch import BatchDecoder
from connectors.record import Record
from execution.reading import Direct, reading_of, reads_of
from schema.build import build
from schema.sources import SOURCES
from tests.harness.crawl import SCHEMA, selection
from tests.harness.processes import Sandbox
from tests.harness.tools import EVERY_SCOPE, Door, open_door

LOGIN = "0010001"
WHOLE = '__type(name: "Money") { name }'
"""Nobody has said what introspection reads: an operation that asks for it reads records whole."""
PLACES = {
    "Allocation": "invoices(first: 4) { nodes { allocations { % } } }",
    "Contract": "contracts(first: 3) { nodes { % } }",
    "Instalment": "contracts(first: 1) { nodes { schedule { instalments { % } } } }",
    "Invoice": "invoices(first: 4) { nodes { % } }",
    "InvoiceLine": "invoices(first: 4) { nodes { lines { % } } }",
    "Payment": "payments(first: 4) { nodes { % } }",
}
"""Where a client has objects of each type."""
COLLECTIONS = {
    "Allocation": "allocations",
    "Contract": "contracts",
    "Instalment": "instalments",
    "Invoice": "invoices",
    "InvoiceLine": "invoice-lines",
    "Payment": "payments",
}
UNKNOWN = {"Invoice.amountDueExplanation", "Invoice.ksef", "Invoice.payment", "Contract.availableRequests"}
"""Fields of these types that don't say what they read."""
OWN = ("url", "expiresAt")
"""Another at each answer."""


def fields() -> list[tuple[str, str]]:
    """Each field of the types, as it is asked for."""
    found = []
    for name in PLACES:
        for each, about in SCHEMA.type_map[name].fields.items():  # type: ignore[attr-defined]
            given = "(format: CSV)" if any(a == "format" for a in about.args) else ""
            found.append((f"{name}.{each}", f"{each}{given} {asked_of(get_named_type(about.type))}"))
    return found


def asked_of(target: Any) -> str:
    if is_leaf_type(target):
        return ""
    if target.name.endswith("Connection"):
        inner = asked_of(get_named_type(target.fields["nodes"].type))
        page = "edges { cursor } pageInfo { hasNextPage startCursor endCursor }"
        return f"{{ totalCount nodes {inner} {page} }}"
    deep = not isinstance(target, GraphQLObjectType) or not ("id" in target.fields or target.name in PLACES)
    return selection(target, int(deep))


FIELDS = fields()


@dataclass
class Reader:
    """A person at the door, and the classes of what was decoded for them."""

    door: Door
    token: str
    classes: set[str] = field(default_factory=set)

    async def ask(self, query: str) -> dict[str, Any]:
        """The answer, and nothing but its own classes."""
        self.classes.clear()
        answer: dict[str, Any] = comparable(await self.door.ask(query, self.token))
        return answer

    async def client(self, *parts: str, beside: str = "") -> Any:
        """What is asked of the client."""
        body = " ".join(f"p{number}: {part}" for number, part in enumerate(parts))
        answer = await self.ask(f"{{ {beside} viewer {{ clients {{ nodes {{ {body} }} }} }} }}")
        assert "errors" not in answer, answer["errors"][:2]
        return answer["data"]["viewer"]

    @property
    def parts(self) -> set[str]:
        """The types whose records were read in part."""
        return {each.removesuffix("RecordPart") for each in self.classes if each.endswith("Part")}


def comparable(answer: Any) -> Any:
    if isinstance(answer, dict):
        return {
            key: comparable(value) for key, value in answer.items() if not key.endswith((*OWN, "requestId"))
        }
    return [comparable(each) for each in answer] if isinstance(answer, list) else answer


@pytest.fixture(scope="module")
async def reader(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> AsyncIterator[Reader]:
    async with open_door(tmp_path_factory.mktemp("columns"), backoffice) as door:
        yield Reader(door, door.user(LOGIN, "portal"))


@pytest.fixture(autouse=True)
def _seen(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """What is decoded is told to the reader."""
    for name in ("records", "pages"):
        decode = getattr(BatchDecoder, name)

        def spy(self: Any, *given: Any, decode: Any = decode) -> Any:
            results = decode(self, *given)
            for each in results:
                reader.classes.update(
                    type(item).__name__ for item in getattr(each, "items", [each]) if isinstance(item, Record)
                )
            return results

        monkeypatch.setattr(BatchDecoder, name, spy)


def test_every_type_that_is_read_in_part_is_tried() -> None:
    assert set(PLACES) == set(SOURCES)


@pytest.mark.parametrize("name", PLACES)
def test_nothing_reckons_with_what_is_only_shown(name: str) -> None:
    """It is a text there: only amounts of money pass it on."""
    owner = build()
    target: Any = owner._schema.get_type(name)
    for field_name, definition in target.fields.items():
        reading = reading_of(definition, owner)
        if not (isinstance(reading, Direct) and reading.embedded):
            reads = reads_of(definition, owner) or frozenset()
            assert not reads & SOURCES[name].shown, field_name


@pytest.mark.parametrize("name", PLACES)
async def test_every_field_is_as_in_a_whole_record(name: str, reader: Reader) -> None:
    mine = [(each, text) for each, text in FIELDS if each.startswith(f"{name}.")]
    everything = " ".join(f"f{number}: {text}" for number, (_, text) in enumerate(mine))
    whole = await reader.client(PLACES[name].replace("%", everything), beside=WHOLE)
    assert reader.parts == set()
    assert f"{SOURCES[name].__name__}" in reader.classes
    for number, (each, text) in enumerate(mine):
        found = await reader.client(PLACES[name].replace("%", f"f{number}: {text}"))
        assert (name in reader.parts) == (each not in UNKNOWN), each
        assert found == only(whole, f"f{number}"), each


def only(whole: Any, key: str) -> Any:
    """A whole answer, less all numbered fields but one."""
    if isinstance(whole, dict):
        return {
            name: only(value, key)
            for name, value in whole.items()
            if name == key or not (name[0] == "f" and name[1:].isdigit())
        }
    return [only(each, key) for each in whole] if isinstance(whole, list) else whole


async def test_fields_together(reader: Reader) -> None:
    """Some at random: what one path reads of an object the other has too."""
    known = [(each, text) for each, text in FIELDS if each not in UNKNOWN]
    for seed in range(12):
        chosen = Random(seed).sample(known, 3)
        asked = [PLACES[each.partition(".")[0]].replace("%", text) for each, text in chosen]
        found = await reader.client(*asked)
        assert {each.partition(".")[0] for each, _ in chosen} <= reader.parts
        assert found == await reader.client(*asked, beside=WHOLE), (seed, asked)
        assert reader.parts == set()


@pytest.mark.parametrize(
    "order", ["ISSUE_DATE", "DUE_DATE", "GROSS", "AMOUNT_DUE"], ids=lambda order: str(order).lower()
)
async def test_lists_go_on_in_every_order(order: str, reader: Reader) -> None:
    """A cursor is made of columns that nobody asked for."""
    by = f'filter: {{ currency: "PLN" }}, orderBy: {{ field: {order} }}'
    inner = "{ nodes { kind } edges { cursor } pageInfo { endCursor } }"
    found = await reader.client(f"invoices(first: 3, {by}) {inner}")
    assert reader.parts == {"Invoice"}
    assert found == await reader.client(f"invoices(first: 3, {by}) {inner}", beside=WHOLE)


async def test_one_field_that_does_not_say_what_it_reads(reader: Reader) -> None:
    """It may read anything of any record, so everything is whole; unless it is left out."""
    known = "contracts(first: 1) { nodes { number invoices(first: 2) { nodes { number } } } }"
    for unknown, parts in (
        ("invoices(first: 1) { nodes { amountDueExplanation { text } } }", set()),
        ("invoices(first: 1) { nodes { amountDueExplanation @skip(if: true) { text } vat { amount } } }",
         {"Contract", "Invoice"}),
        ("availableRequests { slaDays }", set()),
    ):  # fmt: skip
        await reader.client(known, unknown)
        assert reader.parts == parts, unknown
    number = (await reader.client("contracts(first: 1) { nodes { id } }"))["clients"]["nodes"][0]["p0"]
    answer = await reader.ask(
        f'{{ node(id: "{number["nodes"][0]["id"]}") {{ ... on Contract {{ status }} }} }}'
    )
    assert answer["data"]["node"]["status"]
    assert reader.classes == {"ContractRecord"}


async def test_a_tool_reads_whole_records(reader: Reader) -> None:
    """They are checked and counted by their class."""
    query = f'{{ client(number: "{LOGIN}") {{ invoices(first: 2) {{ nodes {{ number }} }} }} }}'
    reader.classes.clear()
    found = await reader.door.ask(query, reader.door.tool(*EVERY_SCOPE))
    assert found["data"]["client"]["invoices"]["nodes"]
    assert reader.classes == {"ClientRecord", "InvoiceRecord"}
    assert (await reader.ask(query))["data"] == found["data"]
    assert reader.parts == {"Invoice"}


@pytest.mark.parametrize("name", PLACES)
async def test_another_client_s_records_are_nobody_s(name: str, reader: Reader, backoffice: Sandbox) -> None:
    """Whoever mixed them up."""
    query = "{ viewer { clients { nodes { " + PLACES[name].replace("%", "__typename") + " } } } }"
    assert name in leaves((await reader.ask(query))["data"])
    assert name in reader.parts
    with backoffice.fault(f"/v1/{COLLECTIONS[name]}/*", mode="lie"):
        lied = await reader.ask(query)
    assert name not in leaves(lied["data"])


async def test_nor_are_they_by_their_number(reader: Reader, backoffice: Sandbox) -> None:
    for collection in ("invoices", "contracts"):
        for theirs in backoffice.page(collection, "client", "0010003", 3):
            field = collection.removesuffix("s")
            answer = await reader.ask(f'{{ {field}(number: "{theirs["number"]}") {{ id kind }} }}')
            assert answer == {"data": {field: None}}
            assert reader.parts == {field.title()}


def leaves(data: Any) -> Iterator[Any]:
    if isinstance(data, dict | list):
        for each in data.values() if isinstance(data, dict) else data:
            yield from leaves(each)
    elif data is not None:
        yield data
