"""Jinja2 with autoescape and strict names."""

from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from auth.password_rules import MAX_LENGTH, MIN_LENGTH, PATTERNS, Rule

_ENVIRONMENT = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_ENVIRONMENT.globals |= {
    "min_length": MIN_LENGTH,
    "max_length": MAX_LENGTH,
    "password_patterns": {
        "capital": PATTERNS[Rule.NO_CAPITAL],
        "digit": PATTERNS[Rule.NO_DIGIT],
        "special": PATTERNS[Rule.NO_SPECIAL],
    },
}


@cache
def template(name: str) -> Template:
    return _ENVIRONMENT.get_template(name)
