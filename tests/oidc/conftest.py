"""A gateway with clients that its own command registered."""

import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.harness.processes import Gateway, Sandbox

CALLBACK = "https://app.example.com/callback"
ORIGIN = "https://app.example.com"
_USERS = (
    "--scope=openid", "--scope=profile", "--scope=email", "--scope=portal", "--scope=offline_access",
    f"--redirect-uri={CALLBACK}", f"--post-logout-redirect-uri={ORIGIN}/bye",
)  # fmt: skip
CLIENTS = {
    "app": ("--kind=public", "--name=Fleet app", f"--origin={ORIGIN}", *_USERS),
    "site": ("--kind=confidential", "--name=Partner's site", *_USERS),
    "reports": ("--kind=tool", "--name=Reports", "--scope=contracts:read", "--scope=invoices:read"),
}


@dataclass(frozen=True)
class Provider:
    """A running gateway, its name as an issuer, and its clients' secrets."""

    gateway: Gateway
    issuer: str
    secrets: dict[str, str]


def leasegraph(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command of ours on the gateway's data folder."""
    (folder / "leasegraph.toml").touch()
    environment = {"LEASEGRAPH_DATA_DIR": str(folder), "LEASEGRAPH_CONFIG": str(folder / "leasegraph.toml")}
    return subprocess.run(
        [sys.executable, "-m", "gateway", *arguments],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@pytest.fixture(scope="session")
def provider(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> Iterator[Provider]:
    """Logs all that it can."""
    folder = tmp_path_factory.mktemp("provider")
    config = folder / "leasegraph.toml"
    secrets = {}
    for client_id, arguments in CLIENTS.items():
        done = leasegraph(folder, "client", "add", client_id, *arguments)
        assert done.returncode == 0, done.stderr
        with config.open("a", encoding="utf-8") as settings:
            settings.write(done.stdout)
        secrets[client_id] = done.stderr.strip().rpartition(" ")[2]
    # Only what is announced ends a stream there.
    gateway = Gateway(folder, backoffice, CONFIG=config, LOG_LEVEL="DEBUG", STREAM_CHECK_SECONDS=3600)
    yield Provider(gateway, f"http://localhost:{gateway.port}", secrets)
    gateway.close()
