"""The package's cookies. Over https with the `__Host-` prefix (RFC 6265bis); loopback http can't."""

from typing import Literal

from starlette.requests import HTTPConnection, cookie_parser
from starlette.responses import Response

from auth.options import AuthOptions

CookieName = Literal["session", "first", "reset", "csrf", "device", "lang", "next"]

# Lax where the cookie must arrive with a click on a link in a mail or another site; Strict elsewhere.
_SAME_SITE: dict[CookieName, Literal["lax", "strict"]] = {
    "session": "lax",
    "first": "strict",
    "reset": "strict",
    "csrf": "lax",
    "device": "strict",
    "lang": "lax",
    "next": "lax",
}


class Cookies:
    def __init__(self, options: AuthOptions) -> None:
        self._secure = options.https
        self._prefix = "__Host-lg_" if options.https else "lg_"

    def full_name(self, name: CookieName) -> str:
        return self._prefix + name

    def read(self, connection: HTTPConnection, name: CookieName) -> str | None:
        """Of several with one name the last, as in Starlette's `cookies`, which reads all that there are."""
        wanted = self.full_name(name)
        for header, value in reversed(connection.scope["headers"]):
            if header == b"cookie":
                for pair in reversed(value.decode("latin-1").split(";")):
                    if pair.partition("=")[0].strip() == wanted and "=" in pair:
                        return cookie_parser(pair)[wanted]
        return None

    def write(self, response: Response, name: CookieName, value: str, *, seconds: int | None = None) -> None:
        """Without `seconds` the cookie ends with the browser's session."""
        response.set_cookie(
            self.full_name(name),
            value,
            max_age=seconds,
            path="/",
            secure=self._secure,
            httponly=True,
            samesite=_SAME_SITE[name],
        )

    def clear(self, response: Response, name: CookieName) -> None:
        self.write(response, name, "", seconds=0)
