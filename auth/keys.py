"""Names of things in the store, and the keys derived from the pepper (HKDF, RFC 5869)."""

import hashlib
import hmac
import re
import secrets
import unicodedata

LOGIN = re.compile(r"[0-9]{1,20}")


def derive_key(pepper: bytes, purpose: str) -> bytes:
    """A 32-byte key of its own for each purpose: HKDF-SHA256 without salt, one block."""
    extracted = hmac.digest(bytes(32), pepper, "sha256")
    return hmac.digest(extracted, b"leasegraph/" + purpose.encode() + b"\x01", "sha256")


def normal_login(typed: str) -> str:
    """The login (client number) as typed, without white space; it may still not be a valid one."""
    return "".join(unicodedata.normalize("NFKC", typed).split())


def new_token() -> str:
    """256 random bits, base64url."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """How a token is stored. It has 256 bits of its own, so a plain hash is enough."""
    return hashlib.sha256(token.encode()).hexdigest()


class AccountKeys:
    """The keys of one account. They share a hash tag, so that one script may use several in a cluster.

    The tag is an HMAC of the login: unknown logins get one in the same way, and the store's keys tell nobody
    who the clients are.
    """

    def __init__(self, tag: str) -> None:
        self.tag = tag

    def _key(self, name: str) -> str:
        return f"auth:{{{self.tag}}}:{name}"

    @property
    def account(self) -> str:
        return self._key("account")

    @property
    def sessions(self) -> str:
        return self._key("sessions")

    @property
    def login_failures(self) -> str:
        return self._key("failures")

    def device_failures(self, device: str) -> str:
        return self._key(f"device:{token_hash(device)}")

    def flow(self, purpose: str, token: str) -> str:
        return self._key(f"flow:{purpose}:{token_hash(token)}")

    def family(self, family: str) -> str:
        return self._key(f"family:{family}")

    def notice(self, purpose: str) -> str:
        return self._key(f"notice:{purpose}")

    @property
    def invitations(self) -> str:
        return self._key("invitations")

    def wrong_pins(self, entry: str) -> str:
        return self._key(f"wrong-pins:{entry}")

    def pin_mails(self, entry: str) -> str:
        return self._key(f"pin-mails:{entry}")

    def resends(self, entry: str) -> str:
        return self._key(f"resends:{entry}")


class KeyMaker:
    """Turns a login, or a token that carries an account's tag, into the account's keys."""

    _token = re.compile(r"([0-9a-f]{32})\.[A-Za-z0-9_-]{43}")

    def __init__(self, pepper: bytes) -> None:
        self._key = derive_key(pepper, "account tag")

    def of_login(self, login: str) -> AccountKeys:
        return AccountKeys(hmac.digest(self._key, login.encode(), "sha256").hex()[:32])

    def of_token(self, token: str | None) -> AccountKeys | None:
        """The keys that a flow's or session's token points at, or None when it has not the right shape."""
        found = self._token.fullmatch(token or "")
        return AccountKeys(found[1]) if found else None

    def new_token(self, keys: AccountKeys) -> str:
        return f"{keys.tag}.{new_token()}"
