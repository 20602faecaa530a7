"""The README's first query has the answer that the README shows."""

import json
import re
from collections.abc import Callable
from pathlib import Path

from tests.harness.person import Person

README = (Path(__file__).parents[2] / "README.md").read_text()


def block(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found
    return found[1]


def test_the_first_query(logged_in: Callable[[str], Person]) -> None:
    answer = logged_in("0010001").ask(block("graphql"))
    assert answer == json.loads(block("json")), json.dumps(answer, indent=2, ensure_ascii=False)


def test_every_link_leads_somewhere() -> None:
    root = Path(__file__).parents[2]
    for page in [root / "README.md", *root.glob("docs/*.md"), *root.glob("docs/adr/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
