"""Cross-site request forgery: the origin of every POST, and a double-submitted token for browsers."""

import hmac
import re
from urllib.parse import urlsplit

from starlette.requests import HTTPConnection

from auth.cookies import Cookies
from auth.errors import RefusedRequest
from auth.keys import derive_key, new_token
from auth.options import AuthOptions

FIELD = "csrf"


class CsrfGuard:
    """A client that sends none of Origin, Sec-Fetch-Site and Referer is no browser that could be misused:
    it holds no cookies of a victim. It is let through without a token.
    """

    def __init__(self, options: AuthOptions, cookies: Cookies) -> None:
        self._key = derive_key(options.pepper, "csrf")
        self._origins = options.origins
        self._cookies = cookies

    def secret(self, connection: HTTPConnection) -> str:
        """The browser's CSRF cookie, or a new one that the answer has to set."""
        held = self._cookies.read(connection, "csrf") or ""
        return held if re.fullmatch(r"[A-Za-z0-9_-]{43}", held) else new_token()

    def token(self, secret: str) -> str:
        """The hidden field that goes with the cookie."""
        return hmac.digest(self._key, secret.encode(), "sha256").hex()

    def check(self, connection: HTTPConnection, field: str) -> None:
        """Raises RefusedRequest (403)."""
        headers = connection.headers
        origin, site, referer = (headers.get(name) for name in ("origin", "sec-fetch-site", "referer"))
        if origin is not None:
            ours = origin in self._origins  # "null" is in no set
        elif site is not None:
            ours = site in {"same-origin", "none"}  # none: typed or restored by the user
        elif referer is not None:
            address = urlsplit(referer)
            ours = f"{address.scheme}://{address.netloc}" in self._origins
        else:
            return
        secret = self._cookies.read(connection, "csrf") or ""
        if not ours or not secret or not hmac.compare_digest(self.token(secret), field):
            raise RefusedRequest(403, "forged_request")
