"""Error bodies of the REST contract: `{"error": {"code": …}}`."""

import msgspec


class _Reason(msgspec.Struct):
    code: str = ""


class _Refusal(msgspec.Struct):
    error: _Reason


def reason(body: bytes) -> str:
    """The code of an error body in the contract's form, else nothing."""
    try:
        return msgspec.json.decode(body, type=_Refusal).error.code
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return ""
