"""What a demonstration shows: the named clients and the pages."""

from sandbox.clock import Clock
from sandbox.data.clients import client_email, client_number
from sandbox.data.named import NAMED
from sandbox.exchange import Answer, Request, encoded

PAGES = {"mail": "/mail", "mailJson": "/mail.json", "openapi": "/openapi.json"}


def demo(clock: Clock, _request: Request) -> Answer:
    """The day, the named clients with what each is for, and where to look."""
    clients = [
        {
            "number": client_number(each.number), "name": each.company.name, "label": each.label,
            "email": client_email(each.number),
        }
        for each in NAMED
    ]  # fmt: skip
    return encoded({"today": clock.today, "clients": clients, "pages": PAGES})
