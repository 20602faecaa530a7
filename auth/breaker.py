"""The breaker over all addresses: a botnet of many must not guess at the pace of one times many."""

import logging
import time
from collections.abc import Mapping

from starlette.requests import Request

from auth.cookies import Cookies
from auth.devices import DeviceMarks
from auth.errors import RefusedRequest
from auth.keys import KeyMaker, normal_login
from auth.limits import RequestRate
from auth.options import AuthOptions
from auth.store import Store

logger = logging.getLogger(__name__)

_QUIET_SECONDS = 60.0


class Breaker:
    """Counts what begins with a login number: logins, first logins, resets. Later steps have other limits.

    A browser in which this account once logged in passes: its owner must get in while others attack.
    """

    def __init__(self, store: Store, keys: KeyMaker, cookies: Cookies, options: AuthOptions) -> None:
        self._rate = RequestRate(
            store, options, per_minute=options.logins_per_minute, burst=options.login_burst, purpose="all"
        )
        self._keys = keys
        self._cookies = cookies
        self._devices = DeviceMarks(options.pepper)
        self._told = -_QUIET_SECONDS

    async def check(self, request: Request, form: Mapping[str, str]) -> None:
        """Raises RefusedRequest (503) past the rate, StoreUnavailable."""
        if "login" not in form:
            return
        keys = self._keys.of_login(normal_login(form["login"]))
        if self._devices.known(self._cookies.read(request, "device"), keys):
            return
        try:
            await self._rate.check_bucket("")
        except RefusedRequest as limited:
            self._tell()
            raise RefusedRequest(503, "unavailable", retry_after=limited.retry_after) from limited

    def _tell(self) -> None:
        """To be paged by, and once in a while only: a flood must not fill the log."""
        if time.monotonic() - self._told >= _QUIET_SECONDS:
            self._told = time.monotonic()
            logger.error("too many logins over all addresses: unknown browsers get 503 for now")
