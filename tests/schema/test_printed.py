"""schema.graphql: the printed schema, and what changed in it since the last commit."""

import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from graphql import BreakingChange, GraphQLSchema, build_schema, find_breaking_changes

from schema.build import build

ROOT = Path(__file__).parents[2]
PRINTED = ROOT / "schema.graphql"
UNRELEASED = re.compile(r"^## \[?Unreleased\]?.*?$(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL | re.IGNORECASE)


def git(*arguments: str) -> str | None:
    """What git says, or None where it or the thing asked for is missing."""
    try:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout


def published() -> tuple[str, str] | None:
    """A commit and its schema.graphql: where a branch left `origin/main`, and on main the commit before."""
    head, base = git("rev-parse", "HEAD"), git("merge-base", "HEAD", "origin/main")
    commit = base.strip() if base and base != head else "HEAD~1"
    printed = git("show", f"{commit}:schema.graphql")
    return None if printed is None else (commit, printed)


def unreleased(changelog: str) -> str:
    """The Unreleased section of a change log."""
    found = UNRELEASED.search(changelog)
    return found[1] if found else ""


def subject(change: BreakingChange) -> str:
    """What a change is about: `Type`, `Type.field`, `Enum.VALUE` or `@directive`.

    graphql-core writes the path first: "Field Invoice.number was removed."
    """
    found = re.search(r"@\w+|\b[A-Za-z_]\w*\.\w+", change.description)
    return found[0] if found else change.description.split()[0]


def unannounced(old: GraphQLSchema, new: GraphQLSchema, notes: str) -> Iterator[str]:
    """Breaking changes that the notes do not name."""
    for change in find_breaking_changes(old, new):
        name = subject(change)
        if not re.search(rf"(?<![\w.]){re.escape(name)}(?!\w|\.\w)", notes):
            yield f"{change.description} ({name})"


def test_schema_graphql_is_the_printed_schema() -> None:
    assert PRINTED.read_text() == build().as_str() + "\n", "schema.graphql has drifted: run `make schema`."


def test_breaking_changes() -> None:
    """A client that works today works tomorrow, or the change log says why not."""
    found = published()
    if found is None:
        pytest.skip("no earlier schema.graphql here (no git, a shallow clone, or the first commit)")
    commit, printed = found
    changelog = ROOT / "CHANGELOG.md"
    notes = unreleased(changelog.read_text()) if changelog.exists() else ""
    broken = list(unannounced(build_schema(printed), build()._schema, notes))
    assert not broken, (
        f"\nThese changes since {commit} break clients:\n  "
        + "\n  ".join(broken)
        + "\nDeprecate instead (with a reason and a removal date). Before 1.0 you may break it:"
        " name what is in brackets under `## Unreleased` in CHANGELOG.md."
    )


OLD = "type Query { a(x: Int): T  b: T } type T { number: Int  gone: Int } enum E { A B } type Lost { x: E }"
NEW = "type Query { a(x: Int!): T  b: [T] } type T { number: Int } enum E { A } type Other { x: E }"


def broken_with(notes: str) -> set[str]:
    broken = unannounced(build_schema(OLD), build_schema(NEW), notes)
    return {each.rpartition("(")[2].rstrip(")") for each in broken}


def test_every_breaking_change_is_named() -> None:
    assert broken_with("") == {"Query.a", "Query.b", "T.gone", "E.B", "Lost"}


def test_the_change_log_announces_by_name() -> None:
    changelog = "# Changes\n\n## Unreleased\n\n- `T.gone` is gone; `Lost` too.\n\n## 0.1.0\n\n- `E.B` went.\n"
    assert broken_with(unreleased(changelog)) == {"Query.a", "Query.b", "E.B"}
    assert broken_with("Lost.x and T.goner and NotLost changed") == {
        "Query.a",
        "Query.b",
        "T.gone",
        "E.B",
        "Lost",
    }
    assert unreleased("## [Unreleased]\n- x\n## 0.1") == "\n- x\n"
    assert unreleased("## 0.1\n- x") == ""
