"""What `leasegraph check` finds out about one system."""

import msgspec


class Checked(msgspec.Struct, frozen=True, rename="camel"):
    """`ms` is what the slowest of its calls took, None where none was answered.

    `problem` is the stable code of an error, `remedy` a sentence on what to do about it, `note` what is worth
    knowing although it works. None of them holds a secret.
    """

    system: str
    kind: str
    used_for: tuple[str, ...]
    ok: bool
    ms: float | None = None
    problem: str | None = None
    remedy: str | None = None
    note: str | None = None
