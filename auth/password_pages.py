"""The page on which somebody who is logged in changes the password."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from auth.cookies import Cookies
from auth.gate import Form
from auth.pages import Page, Pages
from auth.password_change import PasswordChanges
from auth.password_rules import Rule
from auth.sessions import Session, Sessions

PATH = "/change-password"
# Where password managers look for it (W3C, "A Well-Known URL for Changing Passwords").
WELL_KNOWN = "/.well-known/change-password"


class PasswordPages:
    def __init__(
        self, changes: PasswordChanges, sessions: Sessions, *, pages: Pages, cookies: Cookies
    ) -> None:
        self._changes = changes
        self._sessions = sessions
        self._pages = pages
        self._cookies = cookies

    async def endpoint(self, request: Request, form: Form) -> Response:
        session = await self._sessions.of(request)
        if session is None:
            return self._to_login(request)
        if request.method != "POST":
            return self._form(request, session, {})
        present, password = form.get("present", ""), form.get("password", "")
        if not present or password == present or password != form.get("password_again", ""):
            rules = await self._changes.broken_rules(session, password)
            errors = self._errors(request, rules)
            if not present:
                errors = {"present": [self._pages.text(request, "present_missing")], **errors}
            elif password == present:
                same = self._pages.text(request, "password_same")
                errors["password"] = [*errors.get("password", []), same]
            if password != form.get("password_again", ""):
                errors["password_again"] = [self._pages.text(request, "password_mismatch")]
            return self._form(request, session, errors)
        changed = await self._changes.change(
            session, present, password, device_cookie=self._cookies.read(request, "device")
        )
        if changed.result == "ended":
            return self._to_login(request)
        if changed.result == "broken_rules":
            return self._form(request, session, self._errors(request, changed.rules))
        if changed.result == "refused":
            return self._form(request, session, {"present": [self._pages.text(request, "present_refused")]})
        response = self._pages.redirect(request, "/sessions?done=password")
        self._cookies.write(response, "session", changed.session_token)
        return response

    async def well_known(self, request: Request, _: Form) -> Response:
        return self._pages.redirect(request, PATH)

    def _to_login(self, request: Request) -> Response:
        return self._pages.redirect(request, f"/login?next={PATH}")

    def _errors(self, request: Request, rules: Sequence[Rule]) -> dict[str, list[str]]:
        return {"password": [self._pages.text(request, rule) for rule in rules]} if rules else {}

    def _form(self, request: Request, session: Session, errors: dict[str, list[str]]) -> Response:
        return self._pages.render(
            request,
            Page(
                "change_password.html",
                "change_title",
                {
                    "path": PATH,
                    "login": session.login,
                    "lead": self._pages.text(request, "change_lead"),
                    "button": self._pages.text(request, "change_button"),
                },
                status=422 if errors else 200,
                errors=errors,
            ),
        )
