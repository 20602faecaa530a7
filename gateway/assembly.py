"""The connectors that the settings ask for."""

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from connectors.documents.folder import FolderDocuments
from connectors.documents.port import DocumentPort
from connectors.documents.rest import RestDocuments
from connectors.erp.rest import RestErp
from connectors.http import UpstreamClient
from connectors.mail.archive import RestMailArchive
from connectors.mail.port import MailSender
from connectors.mail.smtp import SmtpSender
from connectors.resilience import Guard
from gateway.data_folder import make_folder
from gateway.settings import Settings
from resolvers.backoffice import BackOffice


@dataclass(frozen=True, slots=True)
class Systems:
    """Every system that the gateway speaks to."""

    backoffice: BackOffice
    sender: MailSender
    guards: Mapping[str, Guard]
    """By the system's name; a folder needs none."""


@asynccontextmanager
async def open_systems(settings: Settings) -> AsyncIterator[Systems]:
    """The connectors, closed in the end. Nothing is connected yet: a system may be down when we start."""
    guards: dict[str, Guard] = {}
    async with AsyncExitStack() as stack:

        def client(system: str, url: str, key: str, timeout: float) -> UpstreamClient:
            opened = UpstreamClient(
                system,
                url,
                api_key=key,
                timeout=timeout,
                connections=settings.system_connections,
                queue=settings.system_queue,
            )
            guards[system] = opened.guard
            stack.push_async_callback(opened.close)
            return opened

        documents: DocumentPort
        if settings.documents_url.startswith("file:"):
            folder = Path(unquote(urlsplit(settings.documents_url).path))
            if folder == settings.documents_dir:  # our own; one that was named may be a mount that is missing
                make_folder(folder)
            documents = FolderDocuments("documents", folder)
        else:
            documents = RestDocuments(
                client(
                    "documents",
                    settings.documents_url,
                    settings.documents_api_key,
                    settings.documents_timeout,
                )
            )
        erp = RestErp(client("erp", settings.erp_url, settings.erp_api_key, settings.erp_timeout))
        mail = RestMailArchive(
            client(
                "mail",
                settings.mail_archive_url,
                settings.mail_archive_api_key,
                settings.mail_archive_timeout,
            )
        )
        sender = SmtpSender(
            "smtp",
            settings.smtp_url,
            sender=settings.mail_from,
            sender_name=settings.leasing_company,
            timeout=settings.smtp_timeout,
        )
        yield Systems(BackOffice(erp, documents, mail, settings.ksef_qr_url), sender, guards)
