"""The parameters of a request, from the query of a GET or the form of a POST."""

from collections import Counter
from dataclasses import dataclass
from urllib.parse import parse_qsl

from starlette.requests import Request

from auth.errors import RefusedRequest
from auth.forms import read_pairs


@dataclass(frozen=True, slots=True)
class Parameters:
    """`values`: each name with its first value; an empty one counts as omitted (RFC 6749 §3.1)."""

    pairs: list[tuple[str, str]]
    values: dict[str, str]
    repeated: frozenset[str]


def parameters_of(pairs: list[tuple[str, str]]) -> Parameters:
    counts = Counter(name for name, _ in pairs)
    values = {name: value for name, value in reversed(pairs) if value}
    return Parameters(pairs, values, frozenset(name for name, count in counts.items() if count > 1))


async def read_parameters(request: Request, limit: int) -> Parameters:
    """Raises RefusedRequest, as `read_pairs` does; a POST without a media type has no parameters."""
    if request.method == "POST":
        return parameters_of(await read_pairs(request, limit) if "content-type" in request.headers else [])
    query = request.url.query
    if len(query) > limit:
        raise RefusedRequest(414, "bad_request")
    try:
        return parameters_of(parse_qsl(query, keep_blank_values=True, errors="strict", max_num_fields=32))
    except ValueError as error:
        raise RefusedRequest(400, "bad_request") from error


def once(parameters: Parameters) -> dict[str, str]:
    """The values. Raises RefusedRequest (400) for a repeated parameter (RFC 6749 §3.2)."""
    if parameters.repeated:
        raise RefusedRequest(400, "bad_request")
    return parameters.values
