"""The settings of registered clients: what is taken, and what each refusal says."""

from typing import Any

import pytest

from auth.registration import read_clients

APP = {
    "name": "Fleet app",
    "kind": "public",
    "scopes": ["openid", "portal"],
    "redirect_uris": ["https://app.example.com/cb"],
}
HASH = "hmac-sha256:" + "0" * 64
TOOL = {"name": "Reporting", "kind": "tool", "scopes": ["contracts:read"], "secret_hashes": [HASH]}


def test_clients_are_read() -> None:
    origins = ["https://app.example.com", "http://localhost:3000"]
    app, tool = read_clients({"app": {**APP, "origins": origins}, "tool": TOOL})
    assert (app.client_id, app.name, app.kind, app.consent) == ("app", "Fleet app", "public", False)
    assert app.origins == tuple(origins)
    assert (tool.client_id, set(tool.scopes), tool.secret_hashes) == ("tool", {"contracts:read"}, (HASH,))
    assert HASH not in repr(tool)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"name": ""}, "'name' must be a text"),
        ({"name": 7}, "'name' must be a text"),
        ({"kind": "spy"}, "'kind' must be one of public, confidential, tool"),
        ({"colour": "red"}, "no key 'colour'"),
        ({"client_id": "other"}, "no key 'client_id'"),
        ({"scopes": "openid"}, "'scopes' must be a list"),
        ({"scopes": []}, "'scopes' must hold one"),
        ({"scopes": ["contracts:read"]}, "'contracts:read' is not one of openid"),
        ({"redirect_uris": []}, "'redirect_uris' must hold one"),
        ({"redirect_uris": ["http://app.example.com/cb"]}, "must be https"),
        ({"redirect_uris": ["/cb"]}, "must be an absolute"),
        ({"redirect_uris": ["javascript:alert(1)"]}, "must be an absolute"),
        ({"redirect_uris": ["https://app.example.com/cb#x"]}, "without fragment"),
        ({"redirect_uris": ["https://me@app.example.com/cb"]}, "without fragment and user"),
        ({"redirect_uris": ["https://*.example.com/cb"]}, "has to escape"),
        ({"redirect_uris": ["https://app.example.com/a b"]}, "has to escape"),
        ({"redirect_uris": ["https://app.example.com:port/"]}, "port"),
        ({"post_logout_redirect_uris": ["ftp://app.example.com"]}, "must be an absolute"),
        ({"origins": ["https://app.example.com/"]}, "must end with host and port"),
        ({"origins": ["*"]}, "must be an absolute"),
        ({"consent": "yes"}, "'consent' must be true or false"),
        ({"secret_hashes": [HASH]}, "every kind but public"),
        ({"kind": "confidential"}, "every kind but public"),
        ({"kind": "confidential", "secret_hashes": ["plain"]}, "never a secret itself"),
        ({**TOOL, "redirect_uris": ["https://x.example.com"]}, "'redirect_uris' is not for a tool"),
        ({**TOOL, "redirect_uris": [], "scopes": ["portal"]}, "look like contracts:read"),
        ({**TOOL, "redirect_uris": [], "scopes": []}, "one at least"),
        ({**TOOL, "redirect_uris": [], "secret_hashes": []}, "every kind but public"),
    ],
)
def test_what_is_not_safe_is_refused(changes: dict[str, Any], told: str) -> None:
    with pytest.raises(ValueError, match=r"^clients\.app: ") as refused:
        read_clients({"app": {**APP, **changes}})
    assert told in str(refused.value)


@pytest.mark.parametrize("tables", ["a,b", 7, {"Upper": APP}, {"a b": APP}, {"app": "text"}])
def test_shapes_that_are_no_clients(tables: object) -> None:
    with pytest.raises(ValueError, match="client"):
        read_clients(tables)
