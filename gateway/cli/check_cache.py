"""The cache's store, where it has one of its own."""

import asyncio
import time

from redis.exceptions import RedisError

from gateway.cache.opening import ages
from gateway.cli.checked import Checked
from gateway.setting import SettingsError
from gateway.settings import Settings
from gateway.store_client import client_by_url
from gateway.store_url import place

_USED_FOR = ("answers",)
_URL = "LEASEGRAPH_CACHE_REDIS_URL"


async def check_cache(settings: Settings, seconds: float) -> list[Checked]:
    """A PING; nothing where nothing is kept, or in the state store."""
    if max(ages(settings)) == 0 or not settings.cache_redis_url:
        return []
    try:
        async with asyncio.timeout(seconds), client_by_url(settings.cache_redis_url) as store:
            begun = time.perf_counter()
            await store.ping()
            ms = round((time.perf_counter() - begun) * 1000, 1)
    except SettingsError as error:
        words = str(error).replace("LEASEGRAPH_REDIS_URL", _URL)
    except (TimeoutError, RedisError, OSError):
        where = place(settings.cache_redis_url)
        words = f"Nothing that takes us answers at {where}, so nothing is kept. Start it, or correct {_URL}."
    else:
        return [Checked("cache", "redis", _USED_FOR, ok=True, ms=ms)]
    return [Checked("cache", "redis", _USED_FOR, ok=False, problem="STORE", remedy=words)]
