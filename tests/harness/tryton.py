"""A real Tryton with the books of `tests/tryton/seed.py`: a process of its own, spoken to over HTTP only.

`make` sets up its virtual environment in `.tools/tryton`; the filled database is kept beside it and copied
for each server.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx2

from tests.harness.processes import Process, free_ports, start

ROOT = Path(__file__).parents[2]
TOOLS = ROOT / ".tools"
COMMANDS = TOOLS / "tryton" / "bin"
SEED = ROOT / "tests" / "tryton" / "seed.py"
CONTRACTS = ("LO/2025/000001", "LO/2025/000002")
"""The contracts of client 0010001 in a sandbox of these tests."""
MODULES = ("account_invoice", "account_dunning")
FILLING_SECONDS = 600.0
DATABASE = "erp"


def why_not() -> str | None:
    """Why there is no Tryton here, if so."""
    if (TOOLS / "tryton" / ".ready").exists():
        return None
    return "Tryton is not installed in .tools/tryton: make could not fetch it from PyPI"


def _kept() -> Path:
    """The folder of the filled database and its key, made at the first call of any worker."""
    said = hashlib.sha256()
    for file in (SEED, SEED.with_name("requirements.txt"), Path(__file__)):
        said.update(file.read_bytes())
    kept = TOOLS / f"tryton-{said.hexdigest()[:16]}"
    with (TOOLS / "tryton.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (kept / "keys").exists():
            for old in TOOLS.glob("tryton-*"):
                shutil.rmtree(old)
            _fill(kept)
    return kept


def _fill(folder: Path) -> None:
    folder.mkdir()
    (folder / f"{DATABASE}.sqlite").touch()
    configuration, password = folder / "trytond.conf", folder / "password"
    _configure(configuration, folder)
    password.write_text("of-nobody-9137")
    environment = {**os.environ, "TRYTONPASSFILE": str(password)}
    named = ["-c", str(configuration), "-d", DATABASE]
    modules = ["--activate-dependencies", "-u", *MODULES]
    _run([COMMANDS / "trytond-admin", *named, "--email", "admin@example.com", *modules], environment)
    told = _run([COMMANDS / "python", SEED, configuration, DATABASE, *CONTRACTS], environment)
    (folder / "keys").write_text(told.splitlines()[-1])


def _run(command: Sequence[str | Path], environment: dict[str, str]) -> str:
    done = subprocess.run(
        list(map(str, command)), env=environment, capture_output=True, text=True,
        timeout=FILLING_SECONDS, check=False,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{command[0]} failed:\n{done.stderr[-3000:]}")
    return done.stdout


def _configure(file: Path, folder: Path, port: int = 0) -> None:
    web = f"[web]\nlisten = 127.0.0.1:{port}\n" if port else ""
    file.write_text(f"[database]\nuri = sqlite://\npath = {folder}\n{web}")


class Tryton:
    """A running Tryton over a copy of the books; `url` is that of its database.

    `powerless_key` is of a user without any right.
    """

    def __init__(self, folder: Path) -> None:
        kept = _kept()
        shutil.copy(kept / f"{DATABASE}.sqlite", folder)
        self.key, self.powerless_key = (kept / "keys").read_text().split()
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}/{DATABASE}"
        self._folder = folder
        self._client = httpx2.Client(
            base_url=f"{self.url}/rest/model/",
            headers={"Authorization": f"Bearer {self.key}"},
            trust_env=False,
            timeout=30,
        )
        _configure(folder / "trytond.conf", folder, self.port)
        self.process = self._start()

    def _start(self) -> Process:
        command = [str(COMMANDS / "trytond"), "-c", str(self._folder / "trytond.conf"), "-d", DATABASE]
        return start(command, self._folder / "tryton.log", {}, f"http://127.0.0.1:{self.port}/")

    def restart(self) -> None:
        """After `process.stop()`."""
        self.process = self._start()

    def close(self) -> None:
        """Stops it."""
        self._client.close()
        self.process.stop()

    @contextmanager
    def calls(self) -> Iterator[list[str]]:
        """What is asked of its REST while the block runs, as `account.invoice/search_read`."""
        log = self._folder / "tryton.log"
        before = log.stat().st_size
        seen: list[str] = []
        yield seen
        text = log.read_bytes()[before:].decode()
        seen += [
            line.split("/rest/model/")[1].split(" ")[0]
            for line in text.splitlines()
            if "/rest/model/" in line
        ]

    def ask(self, model: str, domain: list[Any], fields: list[str]) -> list[dict[str, Any]]:
        """What Tryton itself says, not through the connector."""
        question = {"domain": domain, "fields_names": fields}
        found: list[dict[str, Any]] = self._client.post(f"{model}/search_read", json=question).json()
        return found

    def write(self, model: str, key: int, values: dict[str, Any]) -> None:
        """Changes a record, as the key's user may."""
        self._client.put(f"{model}/{key}", params={"f": "id"}, json=values).raise_for_status()

    def run(self, script: str) -> str:
        """Has an accountant do something by proteus; `script` finds what tests/tryton/desk.py gives it."""
        preamble = SEED.with_name("desk.py")
        return _run(
            [COMMANDS / "python", preamble, self._folder / "trytond.conf", DATABASE, script], dict(os.environ)
        )
