"""Whether two results of one operation are the same, as far as the specification says what they are."""

from collections import Counter
from typing import Any

import msgspec
from graphql import ExecutionResult, GraphQLError


def told(error: GraphQLError) -> str:
    """All that a client is told of an error, and what it comes from."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return f"{msgspec.json.encode(error.formatted).decode()} from {type(cause).__name__}"


def spread_to(data: Any, path: list[Any] | None) -> tuple[Any, ...] | None:
    """Where the null of an error ended up, if it spread from the error's own place; else None."""
    for depth, key in enumerate(path or ()):
        if data is None:
            return tuple((path or ())[:depth])
        data = data[key]
    return None


def differences(ours: ExecutionResult, oracle: ExecutionResult, *, exact: bool) -> list[str]:
    """What differs.

    `exact`: errors and their order must be equal. Otherwise errors may come in any order, and of a null that
    spread, which of the errors below it are told is open: resolvers that wait are cut off when it spreads.
    """
    found = []
    if msgspec.json.encode(ours.data) != msgspec.json.encode(oracle.data):
        found.append(f"data: {ours.data} is not {oracle.data}")
        return found
    mine, theirs = ours.errors or [], oracle.errors or []
    if exact:
        mine_told, theirs_told = [told(each) for each in mine], [told(each) for each in theirs]
        return found if mine_told == theirs_told else [f"errors: {mine_told} are not {theirs_told}"]
    groups: list[dict[Any, Counter[str]]] = []
    for errors in (mine, theirs):
        group: dict[Any, Counter[str]] = {}
        for error in errors:
            place = spread_to(ours.data, error.path)
            group.setdefault(place, Counter())[told(error)] += 1
        groups.append(group)
    if groups[0].get(None) != groups[1].get(None):
        found.append(f"errors: {groups[0].get(None)} are not {groups[1].get(None)}")
    nulls = [{place for place in group if place is not None} for group in groups]
    covered = all(any(b[: len(a)] == a for b in nulls[1]) for a in nulls[0]) and nulls[1] <= nulls[0]
    if nulls[0] != nulls[1] and not covered:
        found.append(f"nulls spread to {nulls[0]}, not {nulls[1]}")
    return found
