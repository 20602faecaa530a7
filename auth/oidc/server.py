"""Authlib's authorization server, fitted to Starlette and to our store."""

import json
import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError
from authlib.oauth2.rfc6749.util import extract_basic_authorization
from starlette.responses import Response

from auth.audit import AuditLog
from auth.limits import RequestRate
from auth.oidc.bridge import wait
from auth.oidc.registered import RegisteredClient

# At DEBUG, Authlib logs whole tokens.
logging.getLogger("authlib").setLevel(logging.INFO)


class Server(AuthorizationServer):
    """Runs in a worker thread. Raises RefusedRequest and StoreUnavailable beside Authlib's own errors."""

    def __init__(self, clients: Mapping[str, RegisteredClient], rate: RequestRate, audit: AuditLog) -> None:
        super().__init__()
        self._clients = clients
        self._rate = rate
        self._audit = audit

    def query_client(self, client_id: str) -> RegisteredClient | None:
        return self._clients.get(client_id)

    def authenticate_client(
        self, request: OAuth2Request, methods: Sequence[str], endpoint: str = "token"
    ) -> RegisteredClient:
        """One way to authenticate at once (RFC 6749 §2.3), and as the client that the form names.

        A refusal doesn't tell whether there is such a client, and is audited.
        """
        form = request.form
        if "Authorization" in request.headers and "client_secret" in form:
            raise InvalidRequestError("The client authenticates in two ways at once.")
        client: RegisteredClient | None = None
        with suppress(
            InvalidClientError, UnicodeDecodeError
        ):  # Authlib decodes the Basic header without a net
            client = super().authenticate_client(request, methods, endpoint)
        if client is None or form.get("client_id", client.client_id) != client.client_id:
            wait(self._note_refusal, self._named(request), request.uri)
            raise InvalidClientError("The client can not be authenticated.", status_code=401)
        if client.client.kind != "public":  # anybody could use up the rate of one that only says its name
            wait(self._rate.check_bucket, f"client:{client.client_id}")
        return client

    def _named(self, request: OAuth2Request) -> str:
        """The registered client that a refused request says to be; anything else may be a mistaken secret."""
        try:
            named, _ = extract_basic_authorization(request.headers)
        except UnicodeDecodeError:
            named = None
        named = named or request.form.get("client_id")
        return named if named in self._clients else ""

    async def _note_refusal(self, client_id: str, uri: str) -> None:
        await self._audit.record("client.refused", client_id=client_id, result=urlsplit(uri).path)

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Nothing to save: access tokens are signed, and families keep the place of refresh tokens."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: Any, headers: Sequence[tuple[str, str]]) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else body
        return Response(text, 303 if status == 302 else status, dict(headers))
