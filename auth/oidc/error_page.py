"""The page for a person whom a client sent with a request that can't be answered to the client itself."""

from authlib.oauth2.rfc6749.errors import OAuth2Error
from starlette.requests import Request
from starlette.responses import Response

from auth.pages import Page, Pages


def error_page(pages: Pages, request: Request, error: OAuth2Error) -> Response:
    text = pages.text(request, "error_authorization", detail=f"{error.error}: {error.description}")
    page = Page("error.html", "error_authorization_title", {"text": text, "path": "/"}, status=400)
    return pages.render(request, page)
