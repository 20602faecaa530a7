"""The store's client by URL, over a real Redis."""

from pathlib import Path

import pytest

from auth.errors import StoreUnavailable
from auth.store import Store
from gateway.setting import SettingsError
from gateway.store_client import client_by_url
from tests.harness.stores import redis_server, running


async def allowed(store: Store) -> bool:
    """A durable write."""
    answer = await store.run_durable(
        "rate", ["auth:rate:{x}"], 1, 9, when=frozenset({"allowed"}), seconds=0.05
    )
    return answer == ["allowed"]


async def test_a_cluster_is_refused(tmp_path: Path) -> None:
    with (
        running(redis_server(), tmp_path, **{"cluster-enabled": "yes"}) as port,
        pytest.raises(SettingsError, match="a Redis Cluster answers there"),
    ):
        await client_by_url(f"redis://127.0.0.1:{port}").__aenter__()


async def test_no_free_connection_is_waited_for_and_then_the_store_is_away(tmp_path: Path) -> None:
    with running(redis_server(), tmp_path) as port:
        url = f"redis://127.0.0.1:{port}?max_connections=1&timeout=0.05"
        async with client_by_url(url) as client:
            store = Store(client)
            async with client.client() as held:
                await held.ping()
                with pytest.raises(StoreUnavailable):
                    await allowed(store)
                assert await store.text("anything") == "", "plain commands share one beside them"
            assert await allowed(store)


async def test_what_replicas_do_not_have_is_not_acknowledged(tmp_path: Path) -> None:
    with running(redis_server(), tmp_path) as port:
        async with client_by_url(f"redis://127.0.0.1:{port}") as client:
            assert await allowed(Store(client))
            with pytest.raises(StoreUnavailable, match="not with enough replicas"):
                await allowed(Store(client, replicas=1))
