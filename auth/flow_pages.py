"""The pages of one flow: GET shows its present step, POST takes the step that the fields name."""

import re
from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from auth.cookies import Cookies
from auth.errors import RefusedRequest
from auth.flow import Flow, Flows, Outcome
from auth.gate import Form
from auth.keys import LOGIN, normal_login
from auth.options import AuthOptions
from auth.pages import Page, Pages

_INVITATION = re.compile(r"[A-Za-z0-9_-]{43}")


def _invitation(text: str | None) -> str | None:
    return text if text and _INVITATION.fullmatch(text) else None


class FlowPages:
    def __init__(
        self, path: str, flows: Flows, *, pages: Pages, cookies: Cookies, options: AuthOptions
    ) -> None:
        self._path = path
        self._flows = flows
        self._purpose = flows.purpose
        self._pages = pages
        self._cookies = cookies
        self._options = options

    async def endpoint(self, request: Request, form: Form) -> Response:
        if request.method != "POST":
            return await self._show(request)
        token = self._cookies.read(request, self._purpose)
        if "login" in form:
            return await self._start(request, form, token)
        if "cancel" in form:
            await self._flows.cancel(token)
            return self._leave(request, "/login")
        if not {"password", "pin", "resend"} & form.keys():
            raise RefusedRequest(400, "bad_request")
        if not token:
            return self._dead(request, 410)
        if "password" in form:
            return await self._choose_password(request, form, token)
        if "pin" in form:
            return await self._confirm(request, form["pin"], token)
        return self._next(request, await self._flows.resend(token), f"{self._path}?resent=1")

    async def _show(self, request: Request) -> Response:
        invitation = _invitation(request.query_params.get("invite"))
        token = self._cookies.read(request, self._purpose)
        if invitation or not token:
            return self._login_number(request, invitation=invitation)
        flow = await self._flows.read(token)
        if flow.state == "COMMITTED":
            return self._leave(request, f"/login?done={self._purpose}")
        if flow.state == "DEAD":
            return self._dead(request, 200)
        if flow.state == "PIN_SENT" and request.query_params.get("step") != "password":
            return self._pin(request, flow.profile.login)
        return self._password(request, flow, list(flow.rules_told), status=200)

    async def _start(self, request: Request, form: Form, former: str | None) -> Response:
        login = normal_login(form["login"])
        invitation = _invitation(form.get("invite"))
        if not LOGIN.fullmatch(login):
            error = "login_shape" if login else "login_missing"
            return self._login_number(request, invitation=invitation, login=form["login"], error=error)
        token = await self._flows.start(login, invitation, self._cookies.read(request, "device"))
        if former:
            await self._flows.cancel(former)
        response = self._pages.redirect(request, self._path)
        self._cookies.write(response, self._purpose, token, seconds=max(1, round(self._options.flow_seconds)))
        return response

    async def _choose_password(self, request: Request, form: Form, token: str) -> Response:
        password = form["password"]
        flow = await self._flows.read(token)
        if flow.state not in {"DEAD", "COMMITTED"} and password != form.get("password_again", ""):
            rules = self._flows.broken_rules(flow, password)
            return self._password(request, flow, rules, status=422, mismatch=True)
        outcome = await self._flows.choose_password(token, password)
        if outcome.result == "broken_rules":
            return self._password(request, flow, outcome.rules, status=422)
        return self._next(request, outcome, self._path)

    async def _confirm(self, request: Request, typed: str, token: str) -> Response:
        outcome = await self._flows.confirm(token, typed)
        if outcome.result == "slip":
            error, status = "pin_shape" if typed.strip() else "pin_missing", 422
        elif outcome.result == "wrong_pin":
            error, status = "pin_wrong", 422
        elif outcome.result == "locked":
            error, status = "pin_locked", 429
        else:
            return self._next(request, outcome, self._path)
        return self._pin(request, outcome.login, error=error, status=status, retry_after=outcome.retry_after)

    def _next(self, request: Request, outcome: Outcome, path: str) -> Response:
        if outcome.result == "dead":
            return self._dead(request, 410)
        if outcome.result == "committed":
            return self._leave(request, f"/login?done={self._purpose}")
        return self._pages.redirect(request, path)

    def _leave(self, request: Request, path: str) -> Response:
        response = self._pages.redirect(request, path)
        self._cookies.clear(response, self._purpose)
        return response

    def _dead(self, request: Request, status: int) -> Response:
        response = self._pages.render(
            request, Page("dead.html", "dead_title", {"path": self._path}, status=status)
        )
        self._cookies.clear(response, self._purpose)
        return response

    def _login_number(
        self, request: Request, *, invitation: str | None, login: str = "", error: str = ""
    ) -> Response:
        return self._pages.render(
            request,
            Page(
                "login_number.html",
                f"{self._purpose}_title",
                {
                    "path": self._path,
                    "lead": self._pages.text(request, f"{self._purpose}_lead"),
                    "invite": invitation or "",
                    "login": login[:40],
                },
                status=422 if error else 200,
                step=1,
                errors={"login": [self._pages.text(request, error)]} if error else None,
                kept_query={"invite": invitation} if invitation else None,
            ),
        )

    def _password(
        self, request: Request, flow: Flow, rules: Sequence[str], *, status: int, mismatch: bool = False
    ) -> Response:
        errors: dict[str, list[str]] = {}
        if rules:
            errors["password"] = [self._pages.text(request, rule) for rule in rules]
        if mismatch:
            errors["password_again"] = [self._pages.text(request, "password_mismatch")]
        lead = "repick_lead" if flow.state == "REPICK" else "choose_lead"
        return self._pages.render(
            request,
            Page(
                "choose_password.html",
                "choose_title",
                {"path": self._path, "lead": self._pages.text(request, lead), "login": flow.profile.login},
                status=status,
                step=2,
                errors=errors,
                kept_query={"step": "password"} if request.query_params.get("step") == "password" else None,
            ),
        )

    def _pin(
        self,
        request: Request,
        login: str,
        *,
        error: str = "",
        status: int = 200,
        retry_after: int | None = None,
    ) -> Response:
        resent = request.method != "POST" and request.query_params.get("resent") == "1"
        return self._pages.render(
            request,
            Page(
                "pin.html",
                "pin_title",
                {
                    "path": self._path,
                    "login": login,
                    "minutes": max(1, round(self._options.pin_seconds / 60)),
                    "resend_seconds": max(1, round(self._options.resend_seconds)),
                },
                status=status,
                step=3,
                notice="done_pin_resent" if resent else "",
                errors={"pin": [self._pages.text(request, error)]} if error else None,
                retry_after=retry_after,
            ),
        )
