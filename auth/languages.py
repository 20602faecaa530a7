"""Which language a page is in: `?lang=`, the cookie, Accept-Language (RFC 9110 §12.5.4), or Polish."""

from starlette.requests import HTTPConnection

from auth.cookies import Cookies
from auth.messages import LANGUAGES, Language


def _known(text: str | None) -> Language | None:
    return next((language for language in LANGUAGES if language == text), None)


def supported_language(tags: str) -> Language | None:
    """The first that we have of a list of BCP 47 tags, separated by spaces."""
    return next(filter(None, (_known(tag.partition("-")[0].lower()) for tag in tags.split())), None)


def asked_language(connection: HTTPConnection) -> Language | None:
    """The one in the query, which is then remembered."""
    return _known(connection.query_params.get("lang"))


def page_language(connection: HTTPConnection, cookies: Cookies) -> Language:
    return (
        asked_language(connection)
        or _known(cookies.read(connection, "lang"))
        or accepted_language(connection.headers.get("accept-language", ""))
    )


def accepted_language(header: str) -> Language:
    best: Language = "pl"
    best_weight = 0.0
    for choice in header.split(",")[:20]:
        name, _, parameter = choice.strip().partition(";")
        language = _known(name.strip().partition("-")[0].lower())
        try:
            weight = float(parameter.strip().removeprefix("q=")) if parameter else 1.0
        except ValueError:
            continue
        if language and weight > best_weight:
            best, best_weight = language, weight
    return best
