"""`leasegraph client add` and `leasegraph keys rotate`, beside a running gateway."""

import tomllib
from pathlib import Path

import httpx2
import pytest

from tests.oidc.conftest import Provider, leasegraph


def tool_token(provider: Provider) -> str:
    answer = httpx2.post(
        f"{provider.issuer}/oauth2/token",
        data={"grant_type": "client_credentials"},
        auth=("reports", provider.secrets["reports"]),
        trust_env=False,
    )
    assert answer.status_code == 200, answer.text
    return str(answer.json()["access_token"])


def is_active(provider: Provider, token: str) -> bool:
    answer = httpx2.post(
        f"{provider.issuer}/oauth2/introspect",
        data={"token": token},
        auth=("reports", provider.secrets["reports"]),
        trust_env=False,
    )
    return bool(answer.json()["active"])


def published(provider: Provider) -> set[str]:
    answer = httpx2.get(f"{provider.issuer}/oauth2/jwks", trust_env=False)
    return {key["kid"] for key in answer.json()["keys"]}


def test_keys_are_rotated_while_the_gateway_runs(provider: Provider) -> None:
    before, token = published(provider), tool_token(provider)
    done = leasegraph(provider.gateway.folder, "keys", "rotate")
    assert done.returncode == 0, done.stderr
    assert done.stdout.split()[1] in before
    assert is_active(provider, token)
    assert is_active(provider, tool_token(provider))
    assert published(provider) >= before


def test_the_secret_is_shown_once_and_kept_nowhere(provider: Provider, tmp_path: Path) -> None:
    done = leasegraph(tmp_path, "client", "add", "a.tool", "--kind=tool", '--name=T "ł"', "--scope=x:read")
    (client,) = tomllib.loads(done.stdout)["clients"].items()
    assert client[0] == "a.tool"
    assert client[1]["name"] == 'T "ł"'
    assert "Nothing of the graph is covered by x:read." in done.stderr
    assert f"{tmp_path / 'secret.key'} was not there" in done.stderr
    again = leasegraph(tmp_path, "client", "add", "b.tool", "--kind=tool", "--name=T", "--scope=x:read")
    assert "was not there" not in again.stderr
    secret = done.stderr.strip().rpartition(" ")[2]
    assert len(secret) == 43
    assert secret not in done.stdout
    held = provider.secrets["reports"]
    kept = (path for path in provider.gateway.folder.rglob("*") if path.is_file())
    assert not [path for path in kept if held.encode() in path.read_bytes()]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("reports", "--kind=tool", "--name=R", "--scope=x:read"), "there is such a client already"),
        (("new", "--kind=public", "--name=R", "--scope=openid"), "'redirect_uris' must hold one"),
        (("New", "--kind=tool", "--name=R", "--scope=x:read"), "an id has lower-case letters"),
        (("new", "--kind=tool", "--name=R", "--scope=portal"), "look like contracts:read"),
    ],
)
def test_what_can_not_be_registered(provider: Provider, arguments: tuple[str, ...], told: str) -> None:
    done = leasegraph(provider.gateway.folder, "client", "add", *arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert told in done.stderr


def test_a_gateway_does_not_start_with_a_client_that_is_not_safe(tmp_path: Path) -> None:
    (tmp_path / "leasegraph.toml").write_text('[clients.app]\nname = "A"\nkind = "public"\n')
    done = leasegraph(tmp_path, "serve")
    assert done.returncode == 2
    assert "clients.app: 'scopes' must hold one" in done.stderr


def test_at_debug_nothing_secret_is_logged(provider: Provider) -> None:
    token = tool_token(provider)
    log = provider.gateway.process.log.read_text()
    assert '"level":"DEBUG"' in log
    assert not [secret for secret in (token, *filter(None, provider.secrets.values())) if secret in log]
