"""Who is asking: the PIN-confirmed credential flow, login and sessions, with their pages, and tokens."""

from auth.clients import Client
from auth.errors import (
    DirectoryUnavailable,
    MailRefused,
    MailUnavailable,
    StoreUnavailable,
    TooManyInvitations,
)
from auth.options import AuthOptions
from auth.ports import AccountDirectory, CredentialMailer, PortalAccount
from auth.service import Auth
from auth.sessions import Session
from auth.tokens import Grant

__all__ = [
    "AccountDirectory",
    "Auth",
    "AuthOptions",
    "Client",
    "CredentialMailer",
    "DirectoryUnavailable",
    "Grant",
    "MailRefused",
    "MailUnavailable",
    "PortalAccount",
    "Session",
    "StoreUnavailable",
    "TooManyInvitations",
]
