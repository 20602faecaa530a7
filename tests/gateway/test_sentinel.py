"""The store behind Sentinels: its master is killed, and a replica takes its place."""

from pathlib import Path
from urllib.parse import quote

import httpx2
import pytest

from gateway.setting import SettingsError
from gateway.settings import load
from gateway.store_url import SentinelUrl
from tests.harness.person import PASSWORD, Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.sentinels import PASSWORD as SERVERS
from tests.harness.sentinels import SERVICE, replicated
from tests.harness.stores import redis_server
from tests.harness.streams import open_events

WHO = "{ viewer { user { login } } }"


async def test_the_master_is_killed(tmp_path: Path, backoffice: Sandbox) -> None:
    """Sessions and passwords live on; what no replica has is not acknowledged, until there is one again."""
    (tmp_path / "gateway").mkdir()
    with replicated(redis_server(), tmp_path) as servers:
        url = f"redis+sentinel://:{quote(SERVERS, safe='')}@127.0.0.1:{servers.sentinel}/{SERVICE}/2"
        gateway = Gateway(tmp_path / "gateway", backoffice, REDIS_URL=url, REDIS_REPLICAS=1)
        try:
            with Person(gateway, backoffice) as person, Person(gateway, backoffice) as other:
                person.first_login("0010002")
                person.log_in("0010002")
                before = len(other.pins("0010003"))
                assert other.submit("/first-login", login="0010003").status_code == 303
                answer = other.submit("/first-login", password=PASSWORD, password_again=PASSWORD)
                assert answer.status_code == 303
                pin = other.pin("0010003", newer_than=before)
                async with open_events(
                    gateway.url, "subscription { invoiceChanged { number } }", person
                ) as events:
                    assert await events.block() == [":"]
                    servers.kill(servers.first)
                    assert await events.next() is None, "it broke off: changes may have been missed"
                answer = person.browser.post(
                    "/graphql", json={"query": WHO}, headers={"GraphQL-Require-Preflight": "1"}
                )
                assert answer.status_code == 503
                assert answer.json()["errors"][0]["extensions"]["code"] == "STORE_UNAVAILABLE"

                servers.until(lambda: servers.client(servers.second).info("replication")["role"] == "master")
                servers.until(lambda: httpx2.get(f"{gateway.url}/readyz", trust_env=False).status_code == 200)
                assert person.data(WHO)["viewer"]["user"]["login"] == "0010002", "the session lives on"
                person.log_in("0010002")
                assert person.data(WHO)["viewer"]["user"]["login"] == "0010002"
                assert other.submit("/first-login", pin=pin).status_code == 503, "no replica has it"

                servers.start(servers.first)
                servers.until(
                    lambda: servers.client(servers.second).info("replication")["connected_slaves"] == 1
                )
                person.first_login("0010004")
                person.log_in("0010004")
                async with open_events(
                    gateway.url, "subscription { invoiceChanged { number } }", person
                ) as events:
                    assert await events.block() == [":"]
        finally:
            gateway.close()


def test_urls_of_sentinels() -> None:
    parsed = SentinelUrl.parse(
        "redis+sentinel://me:p%40ss@one:1,[::1]:2,three/main/4?sentinel_password=x%26y"
    )
    assert parsed.sentinels == [("one", 1), ("::1", 2), ("three", 26379)]
    assert parsed.service == "main"
    assert parsed.server == {"db": 4, "username": "me", "password": "p@ss"}
    assert parsed.sentinel == {"password": "x&y"}
    parsed = SentinelUrl.parse("rediss+sentinel://one/main?ssl_ca_certs=/ca.pem")
    assert parsed.server == {"db": 0, "ssl": True, "ssl_ca_certs": "/ca.pem"}
    assert parsed.sentinel == {"ssl": True, "ssl_ca_certs": "/ca.pem"}


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("redis+sentinel://:hidden@/main", "names no Sentinel"),
        ("redis+sentinel://:hidden@one", "the name that the Sentinels have for the master is missing"),
        ("redis+sentinel://:hidden@one/main/x", "is no number"),
        ("redis+sentinel://:hidden@one:x/main", "[Pp]ort"),
        ("redis+sentinel://:hidden@one,:1/main", "has no host name"),
        ("redis+sentinel://:hidden@one/main?quorum=2", "nothing is known of quorum"),
        ("http://:hidden@one", "must begin with redis://"),
    ],
)
def test_what_is_no_url_of_sentinels(url: str, said: str) -> None:
    with pytest.raises(SettingsError, match=f"LEASEGRAPH_REDIS_URL.*{said}") as error:
        load({"LEASEGRAPH_REDIS_URL": url})
    assert "hidden" not in str(error.value)
