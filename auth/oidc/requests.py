"""A request as Authlib reads it. Every parameter occurs once: repeated ones were refused before."""

from collections.abc import Mapping
from typing import Any

from authlib.oauth2.rfc6749 import OAuth2Request
from authlib.oauth2.rfc6749.requests import BasicOAuth2Payload
from starlette.requests import Request

from auth.options import AuthOptions


class ProviderRequest(OAuth2Request):
    """The URI is made from the issuer: Authlib refuses plain http, which a proxy may speak to us."""

    def __init__(self, request: Request, parameters: Mapping[str, str], options: AuthOptions) -> None:
        super().__init__(request.method, options.link(request.url.path), headers=request.headers)
        self._parameters = dict(parameters)
        self.payload = BasicOAuth2Payload(self._parameters)

    @property
    def args(self) -> dict[str, Any]:
        return self._parameters

    @property
    def form(self) -> dict[str, Any]:
        return self._parameters
