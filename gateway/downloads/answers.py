"""What a person is told instead of a file."""

from collections.abc import Mapping
from typing import Final

from starlette.responses import PlainTextResponse, Response

from connectors.errors import UpstreamError, UpstreamTimeout, UpstreamUnavailable

HEADERS: Final[Mapping[str, str]] = {
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
"""Of all that is sent below this path: nobody keeps it, embeds it, or runs anything in it."""

_LATER = (
    "Plik jest teraz niedostępny. Prosimy spróbować później.",
    "The file is not available now. Try again later.",
)
_TEXTS = {
    400: ("Nagłówek 'Authorization' może być tylko jeden.", "The header 'Authorization' must be there once."),
    401: ("Aby pobrać plik, należy się zalogować.", "Log in to download the file."),
    403: ("Ten token nie wystarcza, aby pobrać plik.", "This token does not suffice to download the file."),
    404: ("Nie ma takiego pliku.", "There is no such file."),
    410: (
        "Ten link wygasł. Prosimy wrócić do portalu i pobrać plik jeszcze raz.",
        "This link has expired. Go back to the portal and download the file again.",
    ),
    416: ("Plik jest krótszy.", "The file is shorter than that."),
    502: ("Nie można odczytać pliku.", "The file can't be read."),
    503: _LATER,
    504: _LATER,
}
RETRY_SECONDS = 5


def told(status: int, headers: Mapping[str, str] | None = None) -> Response:
    """A line in Polish and one in English; the same for all that have this status."""
    polish, english = _TEXTS[status]
    retry = {"Retry-After": str(RETRY_SECONDS)} if status == 503 else {}
    return PlainTextResponse(f"{polish}\n{english}\n", status, {**HEADERS, **retry, **(headers or {})})


def told_of(error: UpstreamError) -> Response:
    """What a back-office system's failure means to whoever wants a file."""
    return told(status_of(error))


def status_of(error: UpstreamError) -> int:
    """The status of a back-office system's failure."""
    if isinstance(error, UpstreamTimeout):
        return 504
    return 503 if isinstance(error, UpstreamUnavailable) else 502
