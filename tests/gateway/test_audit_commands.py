"""`leasegraph audit`: what an operator sees of it, beside a running gateway and without one."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gateway.settings import Settings
from gateway.state import join_store
from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox

LOGIN = "0010011"


@pytest.fixture
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    """A back office where no other test changed accounts: what follows from a change is audited too."""
    sandbox = Sandbox(tmp_path_factory.mktemp("office"))
    yield sandbox
    sandbox.close()


async def test_audit_from_first_login_to_a_changed_entry(tmp_path: Path, office: Sandbox) -> None:
    gateway = Gateway(tmp_path, office)
    try:
        with Person(gateway, office) as person:
            person.first_login(LOGIN)
            person.submit("/login", login=LOGIN, password="Wrong;Pass1")
            person.log_in(LOGIN)
            person.submit("/sessions", everywhere="1")
            person.submit("/login", login="0010099", password=PASSWORD)
        shown = gateway.command("audit", "show", "--login", LOGIN, "--json")
        entries = [json.loads(line) for line in shown.stdout.splitlines()]
        assert [(entry["event"], entry.get("result", "")) for entry in entries] == [
            ("first.start", ""), ("first.candidate", "sent"), ("first.pin", "committed"),
            ("login", "refused"), ("login", "logged in"), ("session.end_all", ""),
        ]  # fmt: skip
        assert [entry["number"] for entry in entries] == [1, 2, 3, 4, 5, 6]
        lines = gateway.command("audit", "show", "--login", LOGIN, "--event", "login").stdout.splitlines()
        assert [line.split()[1:3] for line in lines] == [["login", "refused"], ["login", "logged"]]
        since = gateway.command("audit", "show", "--since", entries[-1]["time"]).stdout.splitlines()
        assert [line.split()[1] for line in since] == ["session.end_all", "login"]
        assert LOGIN not in shown.stdout + "".join(lines + since)

        whole = gateway.command("audit", "verify")
        assert (whole.returncode, whole.stdout[:32]) == (0, "The audit is whole: 7 entries. I")
    finally:
        gateway.close()

    assert gateway.command("audit", "verify").returncode == 0, "without a gateway"
    async with join_store(Settings(data_dir=tmp_path)) as store:
        entries_there: Any = await store.xrange("audit")
        place, _ = entries_there[3]
        await store.xdel("audit", place)
    broken = gateway.command("audit", "verify")
    assert broken.returncode == 1
    assert broken.stdout.startswith("Entry 4 is missing.\n")


def test_arguments_are_checked(tmp_path: Path, backoffice: Sandbox) -> None:
    gateway = Gateway.__new__(Gateway)  # its commands alone
    gateway.settings = {"DATA_DIR": tmp_path / "nowhere", "ERP_URL": backoffice.url}
    for words, said in (
        (("audit", "show", "--login", "x1"), "'x1' is no login"),
        (("audit", "show", "--since", "yesterday"), "'yesterday' is no time"),
        (("audit", "verify"), "holds no gateway's data"),
    ):
        told = gateway.command(*words)
        assert told.returncode == 2
        assert said in told.stderr
    assert not (tmp_path / "nowhere").exists()
