"""The grant of internal tools: client_credentials (RFC 6749 §4.4)."""

from typing import Any

from authlib.oauth2.rfc6749 import ClientCredentialsGrant

from auth.audit import AuditLog
from auth.oidc.bridge import wait


class ToolGrant(ClientCredentialsGrant):
    TOKEN_ENDPOINT_AUTH_METHODS = ("client_secret_basic", "client_secret_post")
    audit: AuditLog

    def save_token(self, token: dict[str, Any]) -> None:
        async def note() -> None:
            await self.audit.record("tool.token", client_id=self.client.client_id, scope=token["scope"])

        wait(note)
