"""A registered client as Authlib asks about it."""

from authlib.oauth2.rfc6749 import ClientMixin
from authlib.oauth2.rfc6749.errors import InvalidScopeError

from auth.clients import Client, ClientSecrets

_USER_GRANTS = frozenset({"authorization_code", "refresh_token"})
_TOOL_GRANTS = frozenset({"client_credentials"})


class RegisteredClient(ClientMixin):
    def __init__(self, client: Client, secrets: ClientSecrets) -> None:
        self.client = client
        self._secrets = secrets

    @property
    def client_id(self) -> str:
        return self.client.client_id

    @property
    def client_metadata(self) -> dict[str, list[str]]:
        """What Authlib's end-session endpoint looks up."""
        return {"post_logout_redirect_uris": list(self.client.post_logout_redirect_uris)}

    def get_client_id(self) -> str:
        return self.client_id

    def get_default_redirect_uri(self) -> None:
        """None: a request has to name its URI (OpenID Connect Core 3.1.2.1)."""

    def check_redirect_uri(self, redirect_uri: str) -> bool:
        return redirect_uri in self.client.redirect_uris

    def get_allowed_scope(self, scope: str | None) -> str | None:
        """None, which is invalid_scope, for nothing allowed.

        For users, unknown scopes are passed over (OpenID Core 3.1.2.1). A tool that names none gets all; for
        one that asks for more than it may, InvalidScopeError names what it may.
        """
        asked = (scope or "").split()
        if self.client.kind == "tool":
            asked = asked or sorted(self.client.scopes)
            if not self.client.scopes.issuperset(asked):
                raise InvalidScopeError(f"This client may have: {' '.join(sorted(self.client.scopes))}.")
            return " ".join(asked)
        return " ".join(dict.fromkeys(each for each in asked if each in self.client.scopes)) or None

    def check_client_secret(self, client_secret: str) -> bool:
        return self._secrets.fits(self.client, client_secret)

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:
        return (method == "none") == (self.client.kind == "public")

    def check_response_type(self, response_type: str) -> bool:
        return response_type == "code" and self.client.kind != "tool"

    def check_grant_type(self, grant_type: str) -> bool:
        return grant_type in (_TOOL_GRANTS if self.client.kind == "tool" else _USER_GRANTS)
