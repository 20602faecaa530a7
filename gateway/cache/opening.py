"""The cache that the settings ask for."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from auth.keys import derive_key
from connectors.caching.reading import Ages
from connectors.caching.store import AnswerStore
from gateway.cache.redis_store import RedisAnswers
from gateway.secret_key import secret_key
from gateway.settings import Settings
from gateway.store_client import client_by_url
from gateway.store_sharing import SharingClient
from resolvers.backoffice import BackOffice
from resolvers.caching import Caching


def ages(settings: Settings) -> Ages:
    """How old an answer may be."""
    return Ages(settings.cache_seconds, settings.cache_stale_seconds)


@asynccontextmanager
async def open_cache(settings: Settings, store: SharingClient) -> AsyncIterator[SharingClient | None]:
    """The store for answers, `store` unless the settings name another; None where none are kept. It may be
    away. Raises SettingsError for a cluster."""
    if max(ages(settings)) == 0:
        yield None
    elif not settings.cache_redis_url:
        yield store
    else:
        async with client_by_url(settings.cache_redis_url) as client:
            yield client


def answers_in(cache: SharingClient, settings: Settings) -> AnswerStore:
    """What is kept there."""
    secret = derive_key(secret_key(settings), "cache")
    return RedisAnswers(cache, secret, settings.cache_max_store_bytes, settings.cache_timeout)


def caching(settings: Settings, backoffice: BackOffice, answers: AnswerStore | None) -> Caching | None:
    """The back office that is asked through it."""
    if answers is None:
        return None
    allowed = ages(settings)
    return Caching(backoffice, answers, allowed, allowed.at_most(settings.cache_amounts_seconds))
