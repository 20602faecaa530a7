"""How long to wait before a retry: exponential backoff with full jitter.

Full jitter spreads best those who failed together; see
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
"""

import random

FIRST = 0.1
"""Longest wait before the first retry, in seconds; doubled with each further one."""
LONGEST = 2.0


def backoff(attempt: int, retry_after: float | None) -> float:
    """Seconds to wait behind this attempt, counted from 1. A system that names a time isn't asked earlier."""
    jitter = random.uniform(0, min(LONGEST, FIRST * 2 ** (attempt - 1)))  # noqa: S311 - no secret
    return jitter + (retry_after or 0.0)
