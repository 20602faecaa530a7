"""`leasegraph check` at real mail servers and a real S3 store, right and wrong."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.harness.mail_servers import Certificates, Dovecot, Postfix
from tests.harness.processes import API_KEY, Sandbox
from tests.harness.s3 import ACCESS_KEY_ID, BUCKET, REGION, SECRET_ACCESS_KEY, S3Server
from tests.mail.conftest import CREDENTIALS, imaps

WRONG = "a-wrong-password"


class Checks:
    """Runs the command with systems of each kind; the one for documents, mail or sending is given as keys."""

    def __init__(self, folder: Path, backoffice: Sandbox, **right: dict[str, object]) -> None:
        self._folder = folder
        self._backoffice = backoffice
        self.right = right

    def __call__(self, **changed: dict[str, object]) -> dict[str, dict[str, Any]]:
        """What is said of each system, by the part that it is for."""
        lines = []
        for part, keys in self.right.items():
            lines.append(f"[systems.{part}-system]")
            table = {each: value for each, value in (keys | changed.get(part, {})).items() if value}
            lines += [f"{name} = {json.dumps(str(value))}" for name, value in table.items()]
        lines.append("[sources]")
        lines += [f'{part} = "{part}-system"' for part in self.right]
        (self._folder / "leasegraph.toml").write_text("\n".join(lines))
        done = subprocess.run(
            [sys.executable, "-m", "gateway", "check", "--json"],
            capture_output=True, text=True, timeout=120, check=False, env={
                "LEASEGRAPH_CONFIG": str(self._folder / "leasegraph.toml"),
                "LEASEGRAPH_DATA_DIR": str(self._folder), "LEASEGRAPH_ERP_URL": self._backoffice.url,
                "LEASEGRAPH_ERP_API_KEY": API_KEY,
            },
        )  # fmt: skip
        assert done.stderr == ""
        assert not [each for each in (WRONG, SECRET_ACCESS_KEY, CREDENTIALS) if each in done.stdout]
        return {part: each for each in json.loads(done.stdout)["systems"] for part in each["usedFor"]}


@pytest.fixture
def checks(
    tmp_path: Path,
    backoffice: Sandbox,
    s3_server: S3Server,
    dovecot: Dovecot,
    postfix: Postfix,
    certificates: Certificates,
) -> Checks:
    authority = certificates.authority
    return Checks(
        tmp_path,
        backoffice,
        documents={
            "kind": "s3", "url": s3_server.url, "bucket": BUCKET, "region": REGION,
            "access_key_id": ACCESS_KEY_ID, "secret_access_key": SECRET_ACCESS_KEY,
        },
        mail={"kind": "imap", "url": imaps(dovecot), "ca_file": authority},
        sending={
            "kind": "smtp", "url": f"smtp+starttls://{CREDENTIALS}@localhost:{postfix.port}",
            "ca_file": authority,
        },
    )  # fmt: skip


def test_what_works(checks: Checks) -> None:
    found = checks()
    assert all(each["ok"] and each["remedy"] is None for each in found.values()), found
    assert [found[part]["kind"] for part in ("documents", "mail", "sending")] == ["s3", "imap", "smtp"]


def test_wrong_passwords(checks: Checks, dovecot: Dovecot, postfix: Postfix) -> None:
    found = checks(
        documents={"secret_access_key": WRONG},
        mail={"url": f"imaps://archive:{WRONG}@localhost:{dovecot.tls_port}"},
        sending={"url": f"smtp+starttls://archive:{WRONG}@localhost:{postfix.port}"},
    )
    for part, key in (("documents", "secret_access_key"), ("mail", "url"), ("sending", "url")):
        assert found[part]["problem"] == "UPSTREAM_REJECTED"
        assert "refuses the key" in found[part]["remedy"]
        assert f"'{key}' of [systems.{part}-system]" in found[part]["remedy"]
    assert found["clients"]["ok"]


def test_what_is_not_there_or_not_trusted(checks: Checks) -> None:
    found = checks(
        documents={"bucket": "of-nobody"}, mail={"folders": "INBOX,Archiwum"}, sending={"ca_file": None}
    )
    assert "has no bucket 'of-nobody' (NoSuchBucket)" in found["documents"]["remedy"]
    assert "'bucket' of [systems.documents-system]" in found["documents"]["remedy"]
    assert "or has none of its name" in found["mail"]["remedy"]
    assert "'folders' of [systems.mail-system]" in found["mail"]["remedy"]
    assert "shows a certificate that isn't trusted" in found["sending"]["remedy"]
    assert "'ca_file' of [systems.sending-system]" in found["sending"]["remedy"]


def test_servers_without_encryption(checks: Checks, backoffice: Sandbox) -> None:
    """The sandbox's server, which offers no STARTTLS; and a store that answers nobody in TLS."""
    found = checks(
        documents={"url": str(checks.right["documents"]["url"]).replace("http:", "https:")},
        sending={"url": f"smtp+starttls://{CREDENTIALS}@localhost:{backoffice.smtp_port}"},
    )
    assert "does not offer STARTTLS" in found["sending"]["remedy"]
    assert "speaks no TLS that we know" in found["documents"]["remedy"]


def test_a_mail_server_that_takes_no_password(checks: Checks, backoffice: Sandbox) -> None:
    """The sandbox's, within this machine, where no TLS is asked for."""
    url = f"smtp://{CREDENTIALS}@localhost:{backoffice.smtp_port}"
    found = checks(documents={"bucket": "of-nobody"}, sending={"url": url})
    assert "it takes no user and password (no AUTH)" in found["sending"]["remedy"]
    assert "'url' of [systems.sending-system]" in found["sending"]["remedy"]
