"""Authlib's authorization server, fitted to Starlette and to our store."""

import json
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from authlib.oauth2.rfc6749 import AuthorizationServer, OAuth2Request
from authlib.oauth2.rfc6749.errors import InvalidClientError, InvalidRequestError
from starlette.responses import Response

from auth.limits import RequestRate
from auth.oidc.bridge import wait
from auth.oidc.registered import RegisteredClient

# At DEBUG, Authlib logs whole tokens.
logging.getLogger("authlib").setLevel(logging.INFO)


class Server(AuthorizationServer):
    """Runs in a worker thread. Raises RefusedRequest and StoreUnavailable beside Authlib's own errors."""

    def __init__(self, clients: Mapping[str, RegisteredClient], rate: RequestRate) -> None:
        super().__init__()
        self._clients = clients
        self._rate = rate

    def query_client(self, client_id: str) -> RegisteredClient | None:
        return self._clients.get(client_id)

    def authenticate_client(
        self, request: OAuth2Request, methods: Sequence[str], endpoint: str = "token"
    ) -> RegisteredClient:
        """One way to authenticate at once (RFC 6749 §2.3), and as the client that the form names."""
        form = request.form
        if "Authorization" in request.headers and "client_secret" in form:
            raise InvalidRequestError("The client authenticates in two ways at once.")
        try:
            client: RegisteredClient = super().authenticate_client(request, methods, endpoint)
        except UnicodeDecodeError:  # Authlib decodes the Basic header without a net
            raise InvalidClientError("The Authorization header can not be read.", status_code=401) from None
        if form.get("client_id", client.client_id) != client.client_id:
            raise InvalidClientError("The client authenticated as another one than it names.")
        if client.client.kind != "public":  # anybody could use up the rate of one that only says its name
            wait(self._rate.check_bucket, f"client:{client.client_id}")
        return client

    def save_token(self, token: dict[str, Any], request: OAuth2Request) -> None:
        """Nothing to save: access tokens are signed, and families keep the place of refresh tokens."""

    def create_oauth2_request(self, request: OAuth2Request) -> OAuth2Request:
        return request

    def send_signal(self, name: str, *args: object, **kwargs: object) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: Any, headers: Sequence[tuple[str, str]]) -> Response:
        text = json.dumps(body) if isinstance(body, dict) else body
        return Response(text, 303 if status == 302 else status, dict(headers))
