"""The manifest of trusted documents: a JSON file that the front ends' build writes.

Two forms are read, Apollo's persisted query manifest
(https://www.apollographql.com/docs/graphos/platform/security/persisted-queries) and a plain object from ids
to texts, as graphql-codegen's client preset and Relay's compiler write it.
"""

import json
from hashlib import sha256
from pathlib import Path
from typing import Any

APOLLO = "apollo-persisted-query-manifest"
SHA256 = "sha256:"
"""Begins an id that is a document's SHA-256 (GraphQL over HTTP, appendix A)."""
_HEX = frozenset("0123456789abcdef")


def read_manifest(path: Path) -> dict[str, str]:
    """Texts by id, without the prefix of SHA-256. Raises ValueError, which names what is wrong."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"), object_pairs_hook=_once)
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"it can't be read ({error})") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"it is not JSON ({error})") from error
    if not isinstance(content, dict):
        raise ValueError(f"it holds no object: neither {APOLLO} nor documents by id")
    found: dict[str, str] = {}
    for key, text in _apollo(content) if "format" in content else content.items():
        if not isinstance(key, str) or not key or not isinstance(text, str):
            raise ValueError(f"{key!r}: an id and a document are texts")
        bare = key.removeprefix(SHA256)
        if (bare != key or _is_sha256(bare)) and bare != digest(text):
            raise ValueError(f"'{key}' is not the SHA-256 of its document, which is {digest(text)}")
        if bare in found:
            raise ValueError(f"'{key}' is there twice")
        found[bare] = text
    if not found:
        raise ValueError("it holds no documents")
    return found


def digest(text: str) -> str:
    """A document's SHA-256 in lower-case hexadecimal digits."""
    return sha256(text.encode("utf-8", "replace")).hexdigest()


def _apollo(content: dict[str, Any]) -> list[tuple[Any, Any]]:
    told = content["format"], content.get("version")
    if told != (APOLLO, 1):
        raise ValueError(
            f"its format is {told[0]!r} in version {told[1]!r}; there is {APOLLO!r} in version 1"
        )
    operations = content.get("operations")
    if not isinstance(operations, list) or not all(isinstance(each, dict) for each in operations):
        raise ValueError("'operations' is no list of objects")
    return [(each.get("id"), each.get("body")) for each in operations]


def _is_sha256(key: str) -> bool:
    return len(key) == 64 and _HEX.issuperset(key)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        raise ValueError(f"'{next(key for key in keys if keys.count(key) > 1)}' is there twice")
    return found
