"""`leasegraph demo`: the gateway over a sandbox back office, which runs as a process of its own."""

import contextlib
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from gateway import logs
from gateway.cli.serve import end_by_signal, listen, run
from gateway.data_folder import make_folder
from gateway.pages import Demo, DemoClient
from gateway.setting import SettingsError
from gateway.settings import Settings, load

SEED = 20261122
_START_SECONDS = 80.0
_STOP_SECONDS = 5.0


def demo(size: str, today: str, workers: int | None = None) -> int:
    """Starts the sandbox on the next two ports, then the gateway, and says where everything is.

    `workers` goes before the setting. Returns the exit status.
    """
    settings = load()
    if workers is not None:
        settings = replace(settings, workers=workers)
    logs.configure(settings.log_level)
    end_by_signal()
    _check_ports(settings.port)
    key = settings.erp_api_key or secrets.token_urlsafe(24)  # who sets it has the sandbox's switches
    with listen(settings) as listener, _sandbox(settings, size, today, key) as about:
        office = over_sandbox(settings, key)
        clients = [DemoClient(each["number"], each["name"], each["label"]) for each in about["clients"]]
        found = Demo(clients, f"{office.erp_url}/mail", office.erp_url)
        return run(office, listener, _banner(settings, found), found)


def over_sandbox(settings: Settings, key: str) -> Settings:
    """The settings of a gateway over the sandbox on its next two ports, whose key this is."""
    url = f"http://127.0.0.1:{settings.port + 1}"
    return replace(
        settings,
        erp_url=url,
        erp_api_key=key,
        documents_url=url,
        documents_api_key=key,
        mail_archive_url=url,
        mail_archive_api_key=key,
        smtp_url=f"smtp://127.0.0.1:{settings.port + 2}",
        adhoc_documents=settings.adhoc_documents is not False,
    )


def _check_ports(port: int) -> None:
    for each in (port + 1, port + 2):
        try:
            socket.create_server(("127.0.0.1", each)).close()
        except (OSError, OverflowError) as error:
            raise SettingsError(
                f"LEASEGRAPH_PORT: the sandbox can't have port {each}; it needs the two behind the gateway's "
                f"{port}. Stop what listens there, or set another port, which moves all three."
            ) from error


def _banner(settings: Settings, found: Demo) -> str:
    base = settings.public_url
    clients = "\n".join(f"    {each.number}  {each.label}" for each in found.clients[:5])
    return f"""
  Leasegraph is ready.

    Start here       {base}/
    First-time login {base}/first-login
    GraphiQL         {base}/graphql
    Mailbox (PINs)   {found.mailbox_url}
    ERP's contract   {found.erp_url}/openapi.json

  Client numbers to try:
{clients}

  Ctrl-C stops it. Log lines follow.
"""


@contextlib.contextmanager
def _sandbox(settings: Settings, size: str, today: str, key: str) -> Iterator[dict[str, Any]]:
    folder = make_folder(settings.data_dir / "sandbox")
    command = [
        sys.executable, "-m", "sandbox",
        "--port", str(settings.port + 1), "--smtp-port", str(settings.port + 2),
        "--data-dir", str(folder), "--size", size, "--today", today, "--seed", str(SEED), "--with-parent",
    ]  # fmt: skip
    # A process group of its own: Ctrl-C must not stop it before the gateway has finished. It ends with its
    # standard input, so that a killed gateway leaves nothing behind. The list of processes is everybody's to
    # read, its environment isn't.
    process = subprocess.Popen(  # noqa: S603
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        process_group=0,
        env={**os.environ, "SANDBOX_API_KEY": key},
    )
    try:
        yield _until_ready(process, settings.port + 1, key)
    finally:
        process.terminate()
        try:
            process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _until_ready(process: "subprocess.Popen[bytes]", port: int, key: str) -> dict[str, Any]:
    question = urllib.request.Request(
        f"http://127.0.0.1:{port}/demo.json", headers={"Authorization": f"Bearer {key}"}
    )
    give_up = time.monotonic() + _START_SECONDS
    told = False
    while time.monotonic() < give_up:
        if process.poll() is not None:
            raise SettingsError(f"The sandbox ended with code {process.returncode}; what is above says why.")
        try:
            with urllib.request.urlopen(question, timeout=1) as answer:  # noqa: S310
                about: dict[str, Any] = json.load(answer)
                return about
        except (urllib.error.URLError, TimeoutError, ConnectionError):
            if not told:
                print("The sandbox makes its data …", flush=True)
                told = True
            time.sleep(0.1)
    raise SettingsError(f"The sandbox did not come up within {_START_SECONDS:.0f} s.")
