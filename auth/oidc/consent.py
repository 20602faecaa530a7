"""The answer to the consent page: the authorization request again, with what the person said."""

from urllib.parse import parse_qsl

from starlette.requests import Request
from starlette.responses import Response

from auth.gate import Form
from auth.oidc.authorize import Authorize
from auth.oidc.parameters import parameters_of


class Consent:
    def __init__(self, authorize: Authorize) -> None:
        self._authorize = authorize

    async def __call__(self, request: Request, form: Form) -> Response:
        asked = parameters_of(parse_qsl(form.get("request", ""), keep_blank_values=True))
        return await self._authorize.answer(request, asked, consented="allow" in form)
