"""Where the provider's endpoints are, below the issuer."""

CONFIGURATION = "/.well-known/openid-configuration"
OAUTH_METADATA = "/.well-known/oauth-authorization-server"
AUTHORIZE = "/oauth2/authorize"
CONSENT = "/oauth2/consent"
TOKEN = "/oauth2/token"  # noqa: S105  a path
USERINFO = "/oauth2/userinfo"
JWKS = "/oauth2/jwks"
REVOKE = "/oauth2/revoke"
INTROSPECT = "/oauth2/introspect"
END_SESSION = "/oauth2/end-session"
END_SESSION_CONFIRM = "/oauth2/end-session/confirm"

# What a page of another origin may call from a browser, when the origin is registered.
FOR_OTHER_ORIGINS = frozenset({CONFIGURATION, OAUTH_METADATA, TOKEN, USERINFO, JWKS, REVOKE})
