"""Who is asking: the PIN-confirmed credential flow, login and sessions, with their pages."""

from auth.errors import DirectoryUnavailable, MailUnavailable, StoreUnavailable, TooManyInvitations
from auth.options import AuthOptions
from auth.ports import AccountDirectory, CredentialMailer, PortalAccount
from auth.service import Auth
from auth.sessions import Session

__all__ = [
    "AccountDirectory",
    "Auth",
    "AuthOptions",
    "CredentialMailer",
    "DirectoryUnavailable",
    "MailUnavailable",
    "PortalAccount",
    "Session",
    "StoreUnavailable",
    "TooManyInvitations",
]
