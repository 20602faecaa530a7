"""The README's first query has the answer that it shows, and what the documentation shows is the graph's."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from graphql import parse, validate

from tests.harness.crawl import SCHEMA
from tests.harness.examples import anchors, blocks, examples, links
from tests.harness.person import Person

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
PAGES = [README, *sorted(ROOT.glob("docs/**/*.md")), *sorted(ROOT.glob("[!.]*/README.md"))]


def test_the_first_query(logged_in: Callable[[str], Person]) -> None:
    (example,) = examples(README.read_text())
    assert example.login == "0010001"
    answer = logged_in(example.login).ask(example.query, **example.variables)
    assert answer == example.answer, json.dumps(answer, indent=2, ensure_ascii=False)


def test_modules_that_the_documentation_names_are_there() -> None:
    named = re.compile(r"`((?:auth|connectors|execution|gateway|resolvers|sandbox|schema|tests)/[\w/]+\.py)`")
    pages = [page for page in PAGES if page.parent.name != "adr"]  # a decision is of its day
    found = {path for page in pages for path in named.findall(page.read_text())}
    assert len(found) > 10
    assert sorted(path for path in found if not (ROOT / path).exists()) == []


def test_it_leads_to_every_page() -> None:
    pages = {f"docs/{page.name}" for page in ROOT.glob("docs/*.md")}
    assert pages <= {path for path, _ in links(README.read_text())}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_query_can_be_asked(page: Path) -> None:
    for _, _, info, text in blocks(page.read_text()):
        if info == "graphql":
            assert validate(SCHEMA, parse(text)) == [], text


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_named_test_is_there(page: Path) -> None:
    named = re.findall(r"`(tests/[\w/.-]+)`", page.read_text())
    assert not [path for path in named if not (ROOT / path).exists()]
    assert named or page.name != "security.md"


def test_every_defence_names_its_tests() -> None:
    text = (ROOT / "docs" / "security.md").read_text().partition("\n## What is defended\n")[2]
    _, _, *rows = [line for line in text.partition("\n## ")[0].splitlines() if line.startswith("|")]
    assert len(rows) > 20
    assert not [row for row in rows if not re.search(r"`tests/\w+/test_\w+\.py`[^|]*\|$", row)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page: Path) -> None:
    for path, anchor in links(page.read_text()):
        target = page.parent / path if path else page
        assert target.exists(), f"{page.name}: {path}"
        if anchor:
            assert anchor in anchors(target.read_text()), f"{page.name}: {path}#{anchor}"
