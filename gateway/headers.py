"""A request's headers, as what stands around every request reads them."""

from collections.abc import Mapping

from starlette.types import Scope

_KEY = "leasegraph.headers"


def headers_of(scope: Scope) -> Mapping[bytes, bytes]:
    """By their names in lower case; of several with one name the first.

    Put together once a request: Starlette's `Headers` looks through all of them for each name.
    """
    found: dict[bytes, bytes] | None = scope.get(_KEY)
    if found is None:
        found = scope[_KEY] = dict(reversed(scope["headers"]))
    return found


def header(scope: Scope, name: bytes) -> bytes:
    """One of them; empty where it isn't there."""
    found: Mapping[bytes, bytes] = scope.get(_KEY) or headers_of(scope)
    return found.get(name, b"")
