"""The gateway over a Redis that it did not start."""

from pathlib import Path

from redis import Redis

from tests.harness.person import Person
from tests.harness.processes import Gateway, Sandbox
from tests.harness.stores import redis_server, running


def test_a_gateway_over_redis_7(tmp_path: Path, backoffice: Sandbox) -> None:
    """Redis 7.0 has no WAITAOF: the gateway says so once, and all else is the same."""
    (tmp_path / "redis").mkdir()
    (tmp_path / "gateway").mkdir()
    with running(redis_server(), tmp_path / "redis") as port:
        gateway = Gateway(tmp_path / "gateway", backoffice, REDIS_URL=f"redis://127.0.0.1:{port}/3")
        try:
            with Person(gateway, backoffice) as person:
                person.first_login("0010013")
                person.log_in("0010013")
                assert person.data("{ viewer { user { login } } }")["viewer"]["user"]["login"] == "0010013"
        finally:
            gateway.close()
        with Redis(port=port, db=3) as store:
            assert store.exists("audit")
    assert not (tmp_path / "gateway" / "state").exists()
