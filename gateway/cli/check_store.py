"""The state store: whether it answers, is new enough, and keeps what it is given."""

import asyncio
import re
import time
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import AuthenticationError, NoPermissionError, RedisError, ResponseError

from gateway.cli.checked import Checked
from gateway.file_lock import FileLock
from gateway.setting import SettingsError
from gateway.settings import Settings
from gateway.state import join_store
from gateway.store_url import place

_USED_FOR = ("sessions", "passwords", "audit", "mails")
_LEAST = 7
_URL = "LEASEGRAPH_REDIS_URL"


async def check_store(settings: Settings, seconds: float) -> Checked:
    """A PING, its version and its settings. An embedded one is started for it where no gateway runs."""
    embedded = not settings.redis_url
    kind = "embedded" if embedded else "redis"
    note = _who_runs_it(settings) if embedded else None
    if embedded and not settings.state_dir.is_dir():
        return Checked("state", kind, _USED_FOR, ok=True, note=note)
    try:
        async with asyncio.timeout(seconds), join_store(settings) as store:
            begun = time.perf_counter()
            await store.ping()
            ms = round((time.perf_counter() - begun) * 1000, 1)
            wrong = await _wrong(store)
    except SettingsError as error:
        return Checked("state", kind, _USED_FOR, ok=False, problem="STORE", remedy=str(error))
    except (RedisError, OSError) as error:
        words = _remedy(settings, error)
        return Checked("state", kind, _USED_FOR, ok=False, problem="STORE", remedy=words)
    problem = "STORE" if wrong else None
    return Checked("state", kind, _USED_FOR, not wrong, ms, problem, wrong, note)


def _who_runs_it(settings: Settings) -> str:
    folder = settings.state_dir.absolute()
    if not folder.is_dir():
        return f"no gateway has run in {folder.parent} yet; the first one makes the store"
    if not (folder / "lock").exists():
        return "no gateway runs; started for this check"
    with FileLock(folder / "lock") as lock:
        return "no gateway runs; started for this check" if lock.take() else "joined beside the gateway"


async def _wrong(store: Redis) -> str | None:
    """What has to be changed there; None where it can be relied on."""
    told: dict[str, Any] = await store.info("server")
    version = str(told.get("valkey_version") or told.get("redis_version") or "")
    found = re.match(r"\d+", version)
    if found and int(found[0]) < _LEAST:
        return f"It is version {version}. Take Redis 7 or newer, or Valkey."
    policy, append = await _configured(store, "maxmemory-policy"), await _configured(store, "appendonly")
    if policy not in (None, "noeviction"):
        return (
            "It throws sessions and passwords away when it is full:"
            f" set maxmemory-policy to noeviction (it is {policy})."
        )
    if append not in (None, "yes"):
        return "It forgets passwords and sessions when it restarts: set appendonly to yes."
    return None


async def _configured(store: Redis, name: str) -> str | None:
    """None where the store keeps it to itself."""
    try:
        found = await store.config_get(name)
    except (NoPermissionError, ResponseError):
        return None
    values = {_text(key): _text(value) for key, value in found.items()}
    return values.get(name)


def _text(value: object) -> str:
    return value.decode() if isinstance(value, bytes) else str(value)


def _remedy(settings: Settings, error: Exception) -> str:
    if not settings.redis_url:
        return f"The embedded Valkey in {settings.state_dir} does not answer. See valkey.log there."
    where = place(settings.redis_url)
    if isinstance(error, AuthenticationError | NoPermissionError):
        return f"{where} refuses the user or password. Set the right ones in {_URL}."
    if isinstance(error, TimeoutError) or "timeout" in str(error).lower():
        return f"{where} gave no answer in time. See whether it is overloaded, or a firewall drops us."
    return f"Nothing that speaks Redis answers at {where}. Start it, or correct {_URL}."
