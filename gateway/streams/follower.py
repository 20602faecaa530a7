"""Follows the ERP's feed of changes, and tells all gateways on the store."""

import asyncio
import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import msgspec
from redis.asyncio import Redis
from redis.exceptions import RedisError

from connectors.erp.changes import Change
from connectors.erp.port import ErpPort
from connectors.errors import UpstreamError

log = logging.getLogger(__name__)

CHANGED = "erp:changed"
"""The channel on which changes are told, as JSON."""
POSITION = "erp:changes"
"""Where the store keeps how far the feed was followed."""
PAGE = 200

_encode = msgspec.json.Encoder().encode
changes_of = msgspec.json.Decoder(tuple[Change, ...]).decode
