"""The pages around a session: login, logout, the list of one's sessions."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from urllib.parse import quote, unquote
from zoneinfo import ZoneInfo

from starlette.requests import Request
from starlette.responses import Response

from auth.browsers import browser_label
from auth.cookies import Cookies
from auth.errors import StoreUnavailable
from auth.gate import Form
from auth.keys import LOGIN, normal_login
from auth.login import Logins
from auth.options import AuthOptions
from auth.pages import Page, Pages
from auth.sessions import SessionEntry, Sessions

HOME = "/"
WARSAW = ZoneInfo("Europe/Warsaw")
_SESSION_NOTICES = frozenset({"ended", "password"})
_SET_A_PASSWORD = frozenset({"first", "reset"})
_NOTICES = _SET_A_PASSWORD | {"logout", "everywhere"}
_NEXT_SECONDS = 3600
_OWN_PATH = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def own_path(text: str | None) -> str:
    """A path on this origin, or the home page: one slash first, no backslash, no control character."""
    return text if text and len(text) <= 4000 and _OWN_PATH.fullmatch(text) else HOME


class LoginPages:
    def __init__(
        self,
        logins: Logins,
        sessions: Sessions,
        *,
        pages: Pages,
        cookies: Cookies,
        form_targets: Callable[[str], Sequence[str]],
        options: AuthOptions,
    ) -> None:
        """`form_targets`: where a path of ours may lead on to."""
        self._logins = logins
        self._sessions = sessions
        self._pages = pages
        self._cookies = cookies
        self._form_targets = form_targets
        self._options = options

    async def login(self, request: Request, form: Form) -> Response:
        if request.method != "POST":
            return await self._asked(request)
        after = own_path(form.get("next"))
        login = normal_login(form.get("login", ""))
        password = form.get("password", "")
        slips = {}
        if not LOGIN.fullmatch(login):
            slips["login"] = "login_shape" if login else "login_missing"
        if not password:
            slips["password"] = "password_missing"  # noqa: S105 - a message's key
        if slips:
            errors = {name: [self._pages.text(request, text)] for name, text in slips.items()}
            return self._form(request, after, login=login, errors=errors)
        logged_in = await self._logins.try_login(
            login,
            password,
            device_cookie=self._cookies.read(request, "device"),
            browser=browser_label(request.headers.get("user-agent", "")),
        )
        if logged_in is None:
            return self._form(request, after, login=login, refused=True)
        await self._sessions.end_token(self._cookies.read(request, "session"))
        response = self._pages.redirect(request, after)
        self._cookies.write(response, "session", logged_in.session_token)
        self._cookies.write(response, "device", logged_in.device_cookie, seconds=self._options.device_seconds)
        self._cookies.clear(response, "next")
        return response

    async def _asked(self, request: Request) -> Response:
        """The page. Whoever has to set a password first gets to their `next` after it, by a cookie."""
        query = request.query_params
        done = query.get("done")
        after = own_path(query.get("next"))
        if after == HOME and done in _SET_A_PASSWORD:
            after = own_path(unquote(self._cookies.read(request, "next") or ""))
        response = self._form(
            request,
            after,
            login=normal_login(query.get("login", "")),
            notice=f"done_{done}" if done in _NOTICES else await self._why_again(request),
        )
        if after != HOME:
            self._cookies.write(response, "next", quote(after), seconds=_NEXT_SECONDS)
        return response

    async def _why_again(self, request: Request) -> str:
        """What somebody is told whose browser still has the cookie of a session that is over."""
        token = self._cookies.read(request, "session")
        try:
            return "session_over" if token and not await self._sessions.by_token(token, touch=False) else ""
        except StoreUnavailable:
            return ""  # the page is of use all the same; logging in will say what is wrong

    def _form(
        self,
        request: Request,
        after: str,
        *,
        login: str = "",
        notice: str = "",
        errors: dict[str, list[str]] | None = None,
        refused: bool = False,
    ) -> Response:
        return self._pages.render(
            request,
            Page(
                "login.html",
                "login_title",
                {"next": after, "login": login[:40]},
                status=422 if errors or refused else 200,
                notice=notice,
                form_error="login_refused" if refused else "",
                errors=errors,
                kept_query={"next": after} if after != HOME else None,
                form_targets=self._form_targets(after),
            ),
        )

    async def logout(self, request: Request, _: Form) -> Response:
        await self._sessions.end_token(self._cookies.read(request, "session"))
        return self._leave(request, "/login?done=logout")

    async def sessions(self, request: Request, form: Form) -> Response:
        session = await self._sessions.of(request)
        if session is None:
            return self._pages.redirect(request, "/login?next=/sessions")
        if request.method == "POST":
            if "everywhere" in form:
                await self._sessions.end_all(session)
                return self._leave(request, "/login?done=everywhere")
            ended = form.get("end", "")
            await self._sessions.end(session, ended)
            if ended == session.session_id_hash:
                return self._leave(request, "/login?done=logout")
            return self._pages.redirect(request, "/sessions?done=ended")
        entries = await self._sessions.all_of(session)
        done = request.query_params.get("done")
        return self._pages.render(
            request,
            Page(
                "sessions.html",
                "sessions_title",
                {
                    "name": session.display_name or session.login,
                    "entries": [_line(entry, session.session_id_hash) for entry in entries],
                },
                notice=f"done_{done}" if done in _SESSION_NOTICES else "",
            ),
        )

    def _leave(self, request: Request, path: str) -> Response:
        response = self._pages.redirect(request, path)
        self._cookies.clear(response, "session")
        return response


def _line(entry: SessionEntry, current: str) -> dict[str, object]:
    created, seen = (datetime.fromtimestamp(time, UTC) for time in (entry.created, entry.seen))
    return {
        "id": entry.session_id_hash,
        "this": entry.session_id_hash == current,
        "browser": entry.browser,
        "created": created.astimezone(WARSAW).strftime("%Y-%m-%d %H:%M"),
        "created_iso": created.isoformat(timespec="seconds"),
        "seen": seen.astimezone(WARSAW).strftime("%Y-%m-%d %H:%M"),
        "seen_iso": seen.isoformat(timespec="seconds"),
    }
