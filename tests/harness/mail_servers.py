"""Real mail servers for tests: Debian's Postfix and Dovecot, with configurations and ports of their own.

They are started as root, as they want to be, and do their work as their own users, who log in nowhere.
"""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.harness.processes import free_ports

GIVE_UP_SECONDS = 60
PASSWORD = 'Hasło do poczty, z ąęć \\ i "cudzysłowem"'
_SERVICES = """\
127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""


def needs(*programs: str) -> None:
    """Skips the test where Debian's packages are not installed."""
    missing = [
        each for each in programs if shutil.which(each, path=f"{os.environ['PATH']}:/usr/sbin") is None
    ]
    if missing:
        pytest.skip(f"needs {' and '.join(missing)}; .ci/run installs them")
    if os.geteuid() != 0:
        pytest.skip("mail servers are started by root")


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that other users than us may pass through, unlike pytest's."""
    folder = Path(tempfile.mkdtemp(prefix="mail-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def until(holds: Callable[[], bool], what: str) -> None:
    """Waits for a condition."""
    give_up = time.monotonic() + GIVE_UP_SECONDS
    while not holds():
        assert time.monotonic() < give_up, f"it never came: {what}"
        time.sleep(0.05)


def answers(port: int) -> bool:
    """Whether a server greets on this port of the loopback interface."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            return bool(connection.recv(1))
    except OSError:
        return False


@dataclass(frozen=True)
class Certificates:
    """A company's own authority, and a server that it vouches for as `localhost` and `127.0.0.1`."""

    authority: Path
    certificate: Path
    key: Path

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context


def certify(folder: Path) -> Certificates:
    """Makes both, good for an hour."""
    made = Certificates(folder / "authority.pem", folder / "server.pem", folder / "server.key")
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "Own authority of Kompas Leasing")])
    now = datetime.now(UTC)

    def started(subject: x509.Name, public_key: ec.EllipticCurvePublicKey) -> x509.CertificateBuilder:
        return (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(issuer)
            .public_key(public_key)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(hours=1))
            .not_valid_after(now + timedelta(hours=1))
        )

    authority = (
        started(issuer, authority_key.public_key())
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    names = x509.SubjectAlternativeName([x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))])
    server = started(name, key.public_key()).add_extension(names, critical=False)
    pem = serialization.Encoding.PEM
    made.authority.write_bytes(authority.public_bytes(pem))
    made.certificate.write_bytes(server.sign(authority_key, hashes.SHA256()).public_bytes(pem))
    made.key.write_bytes(
        key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    made.key.chmod(0o600)
    return made


class Dovecot:
    """A running Dovecot: IMAP with STARTTLS and with TLS from the start, LMTP, and SASL for Postfix.

    `archive` logs in with `PASSWORD`. LMTP delivers all mail to its INBOX, whoever it is to.
    """

    def __init__(self, folder: Path, certificates: Certificates) -> None:
        self.port, self.tls_port, self.lmtp_port, self.sasl_port = free_ports(4)
        self.folder = folder
        folder.mkdir()
        self._configuration = folder / "dovecot.conf"
        (folder / "home").mkdir()
        shutil.chown(folder / "home", "nobody", "nogroup")
        (folder / "passwords").write_text(f"archive:{{PLAIN}}{PASSWORD}\n")
        (folder / "passwords").chmod(0o644)
        self._configuration.write_text(self._settings(certificates))
        self.start()

    def _settings(self, certificates: Certificates) -> str:
        return f"""
            base_dir = {self.folder}/run
            state_dir = {self.folder}/state
            log_path = {self.folder}/log
            protocols = imap lmtp
            listen = 127.0.0.1
            ssl = yes
            ssl_cert = <{certificates.certificate}
            ssl_key = <{certificates.key}
            disable_plaintext_auth = no
            auth_mechanisms = plain login
            auth_username_format = %n
            auth_failure_delay = 0
            first_valid_uid = 1
            mail_location = maildir:~/Maildir
            mail_fsync = never
            passdb {{
              driver = passwd-file
              args = scheme=PLAIN username_format=%u {self.folder}/passwords
            }}
            userdb {{
              driver = static
              args = uid=nobody gid=nogroup home={self.folder}/home/archive allow_all_users=yes
            }}
            namespace inbox {{
              inbox = yes
              separator = /
              mailbox Sent {{
                auto = create
                special_use = \\Sent
              }}
            }}
            service imap-login {{
              chroot =
              inet_listener imap {{
                port = {self.port}
              }}
              inet_listener imaps {{
                port = {self.tls_port}
                ssl = yes
              }}
            }}
            service lmtp {{
              inet_listener lmtp {{
                address = 127.0.0.1
                port = {self.lmtp_port}
              }}
            }}
            service auth {{
              inet_listener {{
                address = 127.0.0.1
                port = {self.sasl_port}
              }}
            }}
            service anvil {{
              chroot =
            }}
        """

    def start(self) -> None:
        """Runs until `stop`."""
        with (self.folder / "output").open("ab") as output:
            self._popen = subprocess.Popen(
                ["/usr/sbin/dovecot", "-F", "-c", str(self._configuration)], stdout=output, stderr=output
            )
        until(lambda: answers(self.port) and answers(self.lmtp_port), f"Dovecot, see {self.folder}")

    def stop(self) -> None:
        """Ends it with all its sessions, which would outlive it by half a minute."""
        children = Path(f"/proc/{self._popen.pid}/task/{self._popen.pid}/children").read_text().split()
        self._popen.terminate()
        self._popen.wait(20)
        for pid in children:
            with suppress(ProcessLookupError):
                os.kill(int(pid), signal.SIGKILL)


class Postfix:
    """A running Postfix: takes mail for example.com from who logs in over TLS, and hands it to Dovecot."""

    def __init__(self, folder: Path, certificates: Certificates, dovecot: Dovecot) -> None:
        (self.port,) = free_ports(1)
        self.folder = folder
        etc, data = folder / "etc", folder / "data"
        for each in (etc, data, folder / "spool"):
            each.mkdir(parents=True)
        shutil.chown(data, "postfix")
        (etc / "master.cf").write_text(_SERVICES.format(port=self.port))
        settings = {
            "compatibility_level": "3.6",
            "queue_directory": folder / "spool",
            "data_directory": data,
            "command_directory": "/usr/sbin",
            "daemon_directory": "/usr/lib/postfix/sbin",
            "mail_owner": "postfix",
            "setgid_group": "postdrop",
            "maillog_file": folder / "log",
            "maillog_file_prefixes": folder,
            "inet_interfaces": "127.0.0.1",
            "inet_protocols": "ipv4",
            "myhostname": "postfix.example.com",
            "mydestination": "",
            "alias_maps": "",
            "virtual_mailbox_domains": "example.com",
            "virtual_transport": f"lmtp:inet:127.0.0.1:{dovecot.lmtp_port}",
            "minimal_backoff_time": "1s",
            "queue_run_delay": "1s",
            "smtpd_tls_security_level": "may",
            "smtpd_tls_auth_only": "yes",
            "smtpd_tls_cert_file": certificates.certificate,
            "smtpd_tls_key_file": certificates.key,
            "smtpd_sasl_auth_enable": "yes",
            "smtpd_sasl_type": "dovecot",
            "smtpd_sasl_path": f"inet:127.0.0.1:{dovecot.sasl_port}",
            "smtpd_relay_restrictions": "",
            "smtpd_error_sleep_time": "0",
            "smtpd_recipient_restrictions": (
                "check_recipient_access inline:{refused@example.com=REJECT,later@example.com=DEFER}, "
                "permit_sasl_authenticated, reject"
            ),
        }
        (etc / "main.cf").write_text("".join(f"{name} = {value}\n" for name, value in settings.items()))
        self.start()

    def _do(self, what: str) -> None:
        subprocess.run(
            ["/usr/sbin/postfix", "-c", str(self.folder / "etc"), what],
            check=True, capture_output=True, timeout=GIVE_UP_SECONDS,
        )  # fmt: skip

    def start(self) -> None:
        self._do("start")
        until(lambda: answers(self.port), f"Postfix, see {self.folder}")

    def stop(self) -> None:
        """Ends it, whatever its connections do."""
        self._do("abort")
        until(lambda: not answers(self.port), "Postfix's end")

    @property
    def log(self) -> str:
        return (self.folder / "log").read_text()
