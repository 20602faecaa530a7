"""`leasegraph check` over a real Tryton: what works, and what to mend where something doesn't."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.harness.processes import API_KEY, Sandbox
from tests.harness.tryton import Tryton

SYSTEM = """
[systems.{name}]
kind = "tryton"
url = "{url}"
api_key = "{key}"
timeout = 20
"""


def checked(folder: Path, lease: Sandbox, **systems: tuple[str, str]) -> dict[str, Any]:
    """What is found of the systems of clients and books, by address and key."""
    config = folder / "leasegraph.toml"
    tables = [SYSTEM.format(name=name, url=url, key=key) for name, (url, key) in systems.items()]
    clients, books = systems
    config.write_text("".join([*tables, f'[sources]\nclients = "{clients}"\nbooks = "{books}"\n']))
    clean = {key: value for key, value in os.environ.items() if not key.startswith("LEASEGRAPH_")}
    given = {"CONFIG": config, "DATA_DIR": folder, "ERP_URL": lease.url, "ERP_API_KEY": API_KEY}
    done = subprocess.run(
        [sys.executable, "-m", "gateway", "check", "--json"],
        capture_output=True, text=True, timeout=120, check=False,
        env={**clean, **{f"LEASEGRAPH_{name}": str(value) for name, value in given.items()}},
    )  # fmt: skip
    assert done.stderr == ""
    found = {each["system"]: each for each in json.loads(done.stdout)["systems"]}
    return {name: found[name] for name in systems}


def test_what_works_and_a_wrong_database(tmp_path: Path, backoffice: Sandbox, tryton: Tryton) -> None:
    found = checked(
        tmp_path, backoffice, astray=(f"{tryton.url}x", tryton.key), ledger=(tryton.url, tryton.key)
    )
    assert found["ledger"]["ok"]
    assert found["ledger"]["ms"] > 0
    assert (found["astray"]["ok"], found["astray"]["problem"]) == (False, "UPSTREAM_REJECTED")
    assert "no such path (status 404)" in found["astray"]["remedy"]
    assert "'url' of [systems.astray]" in found["astray"]["remedy"]


def test_a_wrong_key_and_one_without_rights(tmp_path: Path, backoffice: Sandbox, tryton: Tryton) -> None:
    found = checked(
        tmp_path, backoffice, strange=(tryton.url, "wrong"), powerless=(tryton.url, tryton.powerless_key)
    )
    assert [each["problem"] for each in found.values()] == ["UPSTREAM_REJECTED"] * 2
    assert "refuses the key or password (status 401)" in found["strange"]["remedy"]
    assert "'api_key' of [systems.strange]" in found["strange"]["remedy"]
    assert "it is wrong, or has no right to what is asked" in found["powerless"]["remedy"]
    assert "'api_key' of [systems.powerless]" in found["powerless"]["remedy"]
