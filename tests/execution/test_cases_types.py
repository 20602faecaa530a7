"""Interfaces and unions: which type an object has, who says so, and what becomes of a wrong answer."""

import asyncio
from typing import Any

import pytest

from tests.execution.cases import Case, check, error

PETS = """type Query { pets: [Pet] pet: Pet! either: [Either] }
interface Named { name: String } interface Pet implements Named { name: String friend: Pet }
type Dog implements Named & Pet { name: String friend: Pet barks: Boolean! }
type Cat implements Named & Pet { name: String friend: Pet lives: Int }
type Stone { weight: Int } union Either = Dog | Stone"""
REX = {"__typename": "Dog", "name": "Rex", "barks": True, "friend": {"__typename": "Cat", "name": "Tom"}}
TOM = {"__typename": "Cat", "name": "Tom", "lives": 9, "friend": None}
ROOT: dict[str, Any] = {
    "pets": [REX, TOM, None],
    "pet": TOM,
    "either": [REX, {"__typename": "Stone", "weight": 5}],
}


def told_by(answer: Any, *, later: bool = False) -> Any:
    """A type resolver that answers so for Toms, and rightly for others."""

    def resolve(value: Any, *_: Any) -> Any:
        if isinstance(answer, Exception) and value["name"] == "Tom":
            raise answer
        return answer if value["name"] == "Tom" else value["__typename"]

    async def resolve_later(value: Any, *_: Any) -> Any:
        await asyncio.sleep(0)
        return resolve(value)

    return resolve_later if later else resolve


def checks(*, fails: bool = False, later: bool = False) -> dict[str, Any]:
    """Each type says itself whether a value is of it; Cat fails where it is asked to."""

    def check(name: str) -> Any:
        def is_it(value: Any, _info: Any) -> bool:
            if fails and name == "Cat":
                raise RuntimeError("can't tell")
            return bool("weight" in value if name == "Stone" else name.lower() in value["name"].lower())

        async def is_it_later(value: Any, _info: Any) -> bool:
            await asyncio.sleep(0)
            return is_it(value, _info)

        return is_it_later if later else is_it

    return {f"{name}.is_type_of": check(name) for name in ("Dog", "Cat", "Stone")}


def wrong(answer: Any, message: str, name: str) -> list[Case]:
    told = error(message, "pets.1", "pets")
    query = "{ pets { name } }"
    shown = {"pets": [{"name": "Rex"}, None, None]}
    return [
        Case(
            f"{name}{', later' * later}",
            PETS,
            query,
            ROOT,
            shown,
            (told,),
            types={"Pet.resolve_type": told_by(answer, later=later)},
        )
        for later in (False, True)
    ]


UNNAMED: dict[str, Any] = {"pets": [{"name": "a dog"}, {"name": "a cat", "lives": 9}]}
BY_CHECK = "{ pets { __typename name ... on Cat { lives } } }"
CHECKED = {
    "pets": [{"__typename": "Dog", "name": "a dog"}, {"__typename": "Cat", "name": "a cat", "lives": 9}]
}
MUST = "Abstract type 'Pet' must resolve to an Object type at runtime for field 'Query.pets'"
CASES = [
    Case(
        "what all have",
        PETS,
        "{ pets { __typename name } }",
        ROOT,
        {"pets": [{"__typename": "Dog", "name": "Rex"}, {"__typename": "Cat", "name": "Tom"}, None]},
    ),
    Case(
        "what only some have",
        PETS,
        "{ pets { ... on Dog { barks } name ... on Cat { lives } } }",
        ROOT,
        {"pets": [{"barks": True, "name": "Rex"}, {"name": "Tom", "lives": 9}, None]},
    ),
    Case(
        "one key of two types",
        PETS,
        "{ pets { ... on Dog { x: barks } ... on Cat { x: lives } } }",
        ROOT,
        {"pets": [{"x": True}, {"x": 9}, None]},
    ),
    Case(
        "an interface within an interface",
        PETS,
        "{ pets { ... on Named { name } ... on Pet { friend { name } } } }",
        ROOT,
        {"pets": [{"name": "Rex", "friend": {"name": "Tom"}}, {"name": "Tom", "friend": None}, None]},
    ),
    Case(
        "named fragments",
        PETS,
        "{ pets { ...D ...C } } fragment C on Cat { lives name } fragment D on Dog { name barks }",
        ROOT,
        {"pets": [{"name": "Rex", "barks": True}, {"lives": 9, "name": "Tom"}, None]},
    ),
    Case(
        "what nobody has asked of this type",
        PETS,
        "{ pet { ... on Dog { barks } } }",
        ROOT,
        {"pet": {}},
    ),
    Case(
        "a union",
        PETS,
        "{ either { __typename ... on Pet { name } ... on Stone { weight } } }",
        ROOT,
        {"either": [{"__typename": "Dog", "name": "Rex"}, {"__typename": "Stone", "weight": 5}]},
    ),
    Case(
        "a null of one of the types",
        PETS,
        "{ pets { ... on Dog { barks } ... on Cat { lives } } }",
        {"pets": [{**REX, "barks": None}, TOM]},
        {"pets": [None, {"lives": 9}]},
        (error("Cannot return null for non-nullable field Dog.barks.", "pets.0.barks"),),
    ),
    Case(
        "a null up to the data",
        PETS,
        "{ pet { friend { name } ... on Dog { barks } } }",
        {"pet": {**REX, "barks": None, "friend": TOM}},
        None,
        (error("Cannot return null for non-nullable field Dog.barks.", "pet.barks"),),
    ),
    Case("by checks", PETS, BY_CHECK, UNNAMED, CHECKED, types=checks()),
    Case("by checks that come later", PETS, BY_CHECK, UNNAMED, CHECKED, types=checks(later=True)),
    Case(
        "a check that fails before another is true",
        PETS,
        "{ pets { name } }",
        {"pets": [{"name": "a cat"}]},
        {"pets": [None]},
        (error("can't tell", "pets.0", "pets"),),
        types=checks(fails=True),
    ),
    Case(
        "no check is true",
        PETS,
        "{ pets { name } }",
        {"pets": [{"name": "a bird"}]},
        {"pets": [None]},
        (
            error(
                f"{MUST}. Either the 'Pet' type should provide a 'resolve_type' function or each"
                " possible type should provide an 'is_type_of' function.",
                "pets.0",
                "pets",
            ),
        ),
        types=checks(),
    ),
    *wrong(ValueError("no idea"), "no idea", "a type resolver that fails"),
    *wrong(
        "Bird",
        "Abstract type 'Pet' was resolved to a type 'Bird' that does not exist inside the schema.",
        "an unknown name",
    ),
    *wrong(
        "Stone", "Runtime Object type 'Stone' is not a possible type for 'Pet'.", "a type that is no such"
    ),
    *wrong("Named", "Abstract type 'Pet' was resolved to a non-object type 'Named'.", "no object type"),
    Case(
        "an object that is not of its type",
        "type Query { dog: Dog n: Int } type Dog { name: String }",
        "{ dog { name } n }",
        {"dog": {"name": "a cat"}, "n": 1},
        {"dog": None, "n": 1},
        (error("Expected value of type 'Dog' but got: {'name': 'a cat'}.", "dog"),),
        types={"Dog.is_type_of": lambda value, _info: "dog" in value["name"]},
    ),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_every_way_finds_the_type(case: Case) -> None:
    await check(case)
