"""Queries that a page of the documentation shows, with the answers that it prints."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

_HEADING_OR_BLOCK = re.compile(
    r"^## (?P<heading>.+)$|^```(?P<info>\S.*)\n(?P<text>[\s\S]*?)^```$", re.MULTILINE
)
_CLIENT = re.compile(r"client `(\d{7})`")


@dataclass(frozen=True)
class Example:
    """A query and its answer. `login` is the client that the text before the answer names last, or None."""

    heading: str
    query: str
    variables: dict[str, Any]
    login: str | None
    answer: Any


def blocks(page: str) -> Iterator[tuple[str, str, str, str]]:
    """(heading, the text since the heading or block before, info string, content) of each block of code."""
    heading, end = "", 0
    for match in _HEADING_OR_BLOCK.finditer(page):
        if match["heading"]:
            heading = match["heading"]
        else:
            yield heading, page[end : match.start()], match["info"], match["text"]
        end = match.end()


def examples(page: str) -> list[Example]:
    """One for each block `json` behind a block `graphql`; a block `json variables` between them gives those.

    Further answers below the heading are to the same query, asked with other variables or by others.
    """
    found, place, query, prose = [], "", "", ""
    variables: dict[str, Any] = {}
    for heading, before, info, text in blocks(page):
        if heading != place:
            place, query, prose, variables = heading, "", "", {}
        prose += before
        if info == "graphql":
            query = text
        elif info == "json variables":
            variables = json.loads(text)
        elif info == "json" and query:
            clients = _CLIENT.findall(prose)
            found.append(
                Example(heading, query, variables, clients[-1] if clients else None, json.loads(text))
            )
            prose = ""
    return found


def links(page: str) -> list[tuple[str, str]]:
    """(path, anchor) of each link to another page of ours; the path is empty for one into the same page."""
    return re.findall(r"\]\((?!https?:)([^)#]*)#?([^)]*)\)", page)


def anchors(page: str) -> set[str]:
    """What links may name behind `#`: the headings, as GitHub makes them into anchors."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
