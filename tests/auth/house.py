"""Auth in an application, driven as a browser would; the directory and the mailer are in-memory fakes."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx2
from redis.asyncio import Redis
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from auth import (
    Auth,
    AuthOptions,
    Client,
    DirectoryUnavailable,
    MailRefused,
    MailUnavailable,
    StoreUnavailable,
)
from auth.keys import token_hash

ORIGIN = "http://localhost:8000"
PASSWORD = "Zielony;Most7"
OTHER_PASSWORD = "Niebieska,Rzeka8"


@dataclass
class Person:
    login: str = "100200"
    email: str = "anna@example.com"
    first_name: str = "Anna Maria"
    surname: str = "Kowalska-Łęcka"
    display_name: str = "Anna Kowalska-Łęcka"
    company_name: str = "Transłód Sp. z o.o."
    client_numbers: tuple[str, ...] = ("100200", "100201")
    role: str = "owner"
    language: str = "pl"


@dataclass
class Directory:
    people: dict[str, Person] = field(default_factory=dict)
    down: bool = False

    async def account_by_login(self, login: str) -> Person | None:
        if self.down:
            raise DirectoryUnavailable
        return self.people.get(login)


@dataclass(frozen=True)
class Sent:
    to: str
    subject: str
    text: str
    html: str
    key: str


@dataclass
class Mailer:
    """`failures` comes down with each; `refusal` stands."""

    sent: list[Sent] = field(default_factory=list)
    failures: int = 0
    refusal: MailRefused | None = None
    tried: list[str] = field(default_factory=list)

    async def send(self, *, to: str, subject: str, text: str, html: str, key: str) -> None:
        self.tried.append(key)
        if self.refusal:
            raise self.refusal
        if self.failures:
            self.failures -= 1
            raise MailUnavailable
        self.sent.append(Sent(to, subject, text, html, key))


def other_pin(pin: str) -> str:
    """Any PIN but this one."""
    return f"{(int(pin.replace(' ', '')) + 1) % 10**8:08}"


_FIELD = re.compile(r'name="csrf" value="([0-9a-f]+)"')


class Browser:
    """Keeps cookies and sends what a browser sends: Origin and the CSRF field of the page it is on."""

    def __init__(self, app: Starlette, address: str = "127.0.0.1", **headers: str) -> None:
        transport = httpx2.ASGITransport(app=app, client=(address, 5000))
        self.http = httpx2.AsyncClient(transport=transport, base_url=ORIGIN, headers=headers)
        self.csrf = ""

    async def get(self, path: str, **query: str) -> httpx2.Response:
        return self._seen(await self.http.get(path, params=query or None))

    async def post(self, path: str, **fields: str) -> httpx2.Response:
        if not self.csrf:
            await self.get(path)
        form = {"csrf": self.csrf, **fields}
        return self._seen(await self.http.post(path, data=form, headers={"origin": ORIGIN}))

    def _seen(self, response: httpx2.Response) -> httpx2.Response:
        found = _FIELD.search(response.text)
        if found:
            self.csrf = found[1]
        return response


class House:
    """Auth mounted in an application, with everything around it at hand."""

    def __init__(self, redis: Redis, clients: Sequence[Client] = (), **options: Any) -> None:
        settings: dict[str, Any] = {
            "public_url": ORIGIN,
            "leasing_company": "Przykład Leasing S.A.",
            "pepper": b"p" * 32,
            "hash_memory_kib": 64,  # one test measures the real parameters
            "mail_retry_seconds": (0.01, 0.01),
            "mail_delay_seconds": 0,
            "answer_step_seconds": 0,
            "request_burst": 1000,
            **options,
        }
        self.redis = redis
        self.directory = Directory({"100200": Person(), "300400": Person("300400", "bob@example.com")})
        self.mailer = Mailer()
        self.auth = Auth(redis, self.directory, self.mailer, AuthOptions(**settings), clients=clients)
        self.app = Starlette(routes=[*self.auth.routes(), Route("/me", self._me)])
        self._addresses = count(1)

    async def _me(self, request: Request) -> Response:
        try:
            session = await self.auth.session(request)
        except StoreUnavailable:
            return JSONResponse({}, status_code=503)
        if session is None:
            return JSONResponse(None, status_code=401)
        return JSONResponse(
            {"login": session.login, "clients": session.client_numbers, "epoch": session.epoch}
        )

    def browser(self, **headers: str) -> Browser:
        return Browser(self.app, f"10.0.0.{next(self._addresses)}", **headers)

    async def command(self, *words: str | int) -> Any:
        """One store command as redis-cli would send it."""
        return await self.redis.execute_command(*words)  # type: ignore[no-untyped-call]

    async def mails(self) -> list[Sent]:
        await self.auth.mail_queue.idle()
        return self.mailer.sent

    async def pin(self) -> str:
        """The PIN of the newest PIN mail, as shown."""
        for mail in reversed(await self.mails()):
            found = re.search(r"^\d{4} \d{4}$", mail.text, re.MULTILINE)
            if found:
                return found[0]
        raise AssertionError("no PIN mail")

    async def at_pin(
        self, path: str = "/first-login", login: str = "100200", password: str = PASSWORD
    ) -> Browser:
        """A browser that has entered login and password and is asked for the PIN."""
        browser = self.browser()
        assert (await browser.post(path, login=login)).status_code == 303
        answer = await browser.post(path, password=password, password_again=password)
        assert answer.status_code == 303, answer.text
        await self.mails()
        return browser

    async def invited(self, password: str = PASSWORD) -> Browser:
        """A browser that came with the invitation's link and has entered a password."""
        assert await self.auth.invite("100200")
        mail = (await self.mails())[-1]
        link = re.search(r"http://localhost:8000(/first-login\?invite=\S+)", mail.text)
        assert link
        browser = self.browser()
        token = re.search(r'name="invite" value="([^"]+)"', (await browser.get(link[1])).text)
        assert token
        assert (await browser.post("/first-login", login="100200", invite=token[1])).status_code == 303
        await browser.post("/first-login", password=password, password_again=password)
        await self.mails()
        return browser

    async def epoch(self, login: str = "100200") -> int:
        return int(await self.command("HGET", self.auth.keys.of_login(login).account, "epoch") or 0)

    async def age_session(self, browser: Browser, *, seconds: float, seen: bool = False) -> None:
        """Lets a browser's session have begun, or been seen last, so many seconds earlier."""
        token = browser.http.cookies["lg_session"]
        keys = self.auth.keys.of_token(token)
        assert keys is not None
        session = json.loads(await self.command("HGET", keys.sessions, token_hash(token)))
        session["seen" if seen else "created"] -= round(seconds * 1000)
        await self.command("HSET", keys.sessions, token_hash(token), json.dumps(session))
        await self.redis.ping()  # the change, made by another connection, is told before the answer to this

    async def activate(self, login: str = "100200", password: str = PASSWORD) -> Browser:
        browser = await self.at_pin(login=login, password=password)
        answer = await browser.post("/first-login", pin=await self.pin())
        assert answer.headers["location"] == "/login?done=first"
        return browser

    async def log_in(
        self, login: str = "100200", password: str = PASSWORD, browser: Browser | None = None
    ) -> Browser:
        browser = browser or self.browser()
        answer = await browser.post("/login", login=login, password=password)
        assert answer.status_code == 303, answer.text
        return browser


class HouseMaker:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.built: list[House] = []

    def __call__(self, **options: Any) -> House:
        self.built.append(House(self.redis, **options))
        return self.built[-1]
