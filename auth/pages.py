"""Renders the pages, with the headers, the language and the CSRF field that every one of them has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, RedirectResponse, Response
from starlette.staticfiles import StaticFiles

from auth.cookies import Cookies
from auth.csrf import CsrfGuard
from auth.languages import asked_language, page_language
from auth.messages import message
from auth.options import AuthOptions
from auth.templating import template

STATIC = Path(__file__).parent / "static"
LANGUAGE_SECONDS = 365 * 86400

# `Referrer-Policy: no-referrer` would make browsers send `Origin: null` with our own forms (Fetch, "append a
# request `Origin` header"); `same-origin` keeps the origin there and tells other sites as little.
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self' data:; script-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


@dataclass(frozen=True, slots=True)
class Page:
    """One page; `kept_query` survives a change of the language.

    `errors` maps a field's name to its texts, `form_error` speaks of all fields. `form_targets` are the
    URIs that a form may lead to by redirects: Chromium applies `form-action` to those too.
    """

    template: str
    title: str
    values: Mapping[str, object]
    status: int = 200
    step: int = 0
    notice: str = ""
    form_error: str = ""
    errors: Mapping[str, list[str]] | None = None
    kept_query: Mapping[str, str] | None = None
    form_targets: Sequence[str] = ()
    retry_after: int | None = None


class Pages:
    def __init__(self, options: AuthOptions, cookies: Cookies, csrf: CsrfGuard) -> None:
        self._company = options.leasing_company
        self._cookies = cookies
        self._csrf = csrf
        self._headers = dict(_HEADERS)
        if options.https:
            self._headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"

    def text(self, request: Request, key: str, **values: str | int) -> str:
        return message(page_language(request, self._cookies), key, **values)

    def render(self, request: Request, page: Page) -> Response:
        language = page_language(request, self._cookies)
        other = "pl" if language == "en" else "en"
        secret = self._csrf.secret(request)
        kept = dict(page.kept_query or {})
        html = template(page.template).render(
            {
                **page.values,
                "language": language,
                "other_language": other,
                "switch": "?" + urlencode({**kept, "lang": other}),
                "again": "?" + urlencode(kept) if kept else "",
                "t": partial(message, language),
                "title": message(language, page.title),
                "company": self._company,
                "csrf": self._csrf.token(secret),
                "errors": page.errors or {},
                "notice": message(language, page.notice) if page.notice else "",
                "is_done": page.notice.startswith("done_"),
                "form_error": message(language, page.form_error) if page.form_error else "",
                "step": page.step,
            }
        )
        response = HTMLResponse(html, status_code=page.status, headers={"Content-Language": language})
        response.headers["Vary"] = "Accept-Language, Cookie"
        if secret != self._cookies.read(request, "csrf"):
            self._cookies.write(response, "csrf", secret)
        if page.retry_after is not None:
            response.headers["Retry-After"] = str(max(1, page.retry_after))
        self.finished(request, response)
        if page.form_targets:
            origins = {f"{part.scheme}://{part.netloc}" for part in map(urlsplit, page.form_targets)}
            policy = response.headers["Content-Security-Policy"]
            allowed = " ".join(["form-action 'self'", *sorted(origins)])
            response.headers["Content-Security-Policy"] = policy.replace("form-action 'self'", allowed)
        return response

    def error(
        self, request: Request, status: int, reason: str, *, retry_after: int | None = None
    ) -> Response:
        """What was wrong, and the way on: the same page again, or the first page where this one isn't any."""
        path = "/login" if request.url.path == "/logout" else request.url.path
        if status == 404:
            path = "/"
        return self.render(
            request,
            Page(
                "error.html",
                f"error_{reason}_title",
                {
                    "text": self.text(request, f"error_{reason}"),
                    "path": path,
                },
                status=status,
                retry_after=retry_after,
            ),
        )

    def redirect(self, request: Request, path: str) -> Response:
        """303 after every POST that succeeded."""
        return self.finished(request, RedirectResponse(path, status_code=303))

    def finished(self, request: Request, response: Response) -> Response:
        for name, value in self._headers.items():
            response.headers[name] = value
        asked = asked_language(request)
        if asked:
            self._cookies.write(response, "lang", asked, seconds=LANGUAGE_SECONDS)
        return response


class StaticPages(StaticFiles):
    """The style sheet, the icon and the scripts: kept, but asked for again, so that they fit their page."""

    def __init__(self) -> None:
        super().__init__(directory=STATIC)

    def file_response(self, *args: object, **kwargs: object) -> Response:
        response = super().file_response(*args, **kwargs)  # type: ignore[arg-type]
        if isinstance(response, FileResponse):
            response.headers["Cache-Control"] = "no-cache"
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
