"""Password hashes: argon2id over a peppered password, in a thread pool with a bounded queue."""

import asyncio
import base64
import hmac
import secrets
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from auth.errors import HashPoolFull
from auth.keys import derive_key
from auth.options import AuthOptions

Result = TypeVar("Result")


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


class Passwords:
    """Hashes look like `0$argon2id$v=19$…`: the pepper's version, then argon2's own encoding.

    argon2-cffi lets go of the GIL, so threads are enough. Past `hash_workers + hash_queue` hashes at once
    HashPoolFull is raised, before any memory is taken.
    """

    def __init__(self, options: AuthOptions) -> None:
        self._peppers = {0: derive_key(options.pepper, "password")}
        for version, pepper in options.password_peppers.items():
            self._peppers[version] = derive_key(pepper, "password")
        self._newest = max(self._peppers)
        self._hasher = PasswordHasher(
            time_cost=options.hash_passes,
            memory_cost=options.hash_memory_kib,
            parallelism=options.hash_lanes,
        )
        self._pool = ThreadPoolExecutor(options.hash_workers, thread_name_prefix="password-hash")
        self._limit = options.hash_workers + options.hash_queue
        self._running = 0
        self._workers = options.hash_workers
        self.hashed = 0
        self.refused = 0
        # The hash of an unknown login: the same parameters, so the same work, but no password fits it.
        self._nobody = (
            f"{self._newest}$argon2id$v=19$m={options.hash_memory_kib},t={options.hash_passes},"
            f"p={options.hash_lanes}${_base64(secrets.token_bytes(16))}${_base64(secrets.token_bytes(32))}"
        )

    @property
    def under_way(self) -> int:
        """Hashes that are being worked out."""
        return min(self._running, self._workers)

    @property
    def waiting(self) -> int:
        """Hashes for which no thread is free yet."""
        return self._running - self.under_way

    def _peppered(self, password: str, version: int) -> bytes:
        normal = unicodedata.normalize("NFKC", password)
        return hmac.digest(self._peppers[version], normal.encode(), "sha256")

    async def hash(self, password: str) -> str:
        """Raises HashPoolFull."""
        peppered = self._peppered(password, self._newest)
        encoded = await self._run(lambda: self._hasher.hash(peppered))
        return f"{self._newest}{encoded}"

    async def verify(self, stored: str, password: str) -> bool:
        """Whether the password fits; an empty `stored` (unknown login) costs as much. Raises HashPoolFull."""
        version, _, encoded = (stored or self._nobody).partition("$")
        if not version.isdecimal() or int(version) not in self._peppers:
            version, _, encoded = self._nobody.partition("$")
        peppered = self._peppered(password, int(version))

        def check() -> bool:
            try:
                return self._hasher.verify(f"${encoded}", peppered)
            except (Argon2Error, InvalidHashError):
                return False

        return await self._run(check) and bool(stored)

    def outdated(self, stored: str) -> bool:
        """Whether a hash that was just verified should be made again with today's pepper and parameters."""
        version, _, encoded = stored.partition("$")
        return int(version) != self._newest or self._hasher.check_needs_rehash(f"${encoded}")

    async def _run(self, work: Callable[[], Result]) -> Result:
        if self._running >= self._limit:
            self.refused += 1
            raise HashPoolFull
        self._running += 1
        self.hashed += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        # counted down when the thread is done, not when the client goes away
        future.add_done_callback(self._done)
        return await asyncio.shield(future)

    def _done(self, _: object) -> None:
        self._running -= 1

    def close(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
