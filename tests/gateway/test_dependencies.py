"""Every dependency has its reason written down, and every reason its dependency."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
REASONS = (ROOT / "docs" / "dependencies.md").read_text("utf-8")


def test_each_has_its_reason() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    needed = {_name(each) for each in project["project"]["dependencies"]}
    rows = re.findall(r"^\| ([^|]+) \|", REASONS, re.MULTILINE)[1:]
    assert {name for row in rows for name in row.split(", ")} == needed
    prose = set(re.findall(r"[\w-]+", REASONS.partition("For development:")[2]))
    used = {_name(each) for group in project["dependency-groups"].values() for each in group}
    assert used <= prose


def _name(requirement: str) -> str:
    return re.split(r"[<>=]", requirement)[0]
