"""TLS: whether a close_notify alert goes before the FIN."""

import ssl
import subprocess
import tempfile
from contextlib import suppress
from pathlib import Path

from recording.case import ACTIVE, ORPHAN, PASSIVE, Case, Host

_VERSIONS = {"1.2": ssl.TLSVersion.TLSv1_2, "1.3": ssl.TLSVersion.TLSv1_3}


def _context(version: str, options: int) -> ssl.SSLContext:
    """A server's context with a certificate that was signed by itself just now."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.options |= options
    context.maximum_version = _VERSIONS[version]
    with tempfile.TemporaryDirectory(prefix="tcpclose-record-") as scratch:
        key, certificate = Path(scratch) / "key.pem", Path(scratch) / "certificate.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
             "-nodes", "-days", "1", "-subj", "/CN=server", "-keyout", key, "-out", certificate],
            check=True, capture_output=True)
        context.load_cert_chain(certificate, key)
    return context


def _client(end):
    """Asks, takes the answer, and ends the connection in its way."""
    def program(host: Host) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(host.connect()) as connection:
            connection.sendall(b"question")
            connection.recv(100)
            end(connection)
    return program


def _server(version: str, end, options: int = 0):
    """Answers, reads to the end of the stream, and ends the connection in its way."""
    def program(host: Host) -> None:
        with host.listen() as listener:
            context = _context(version, options)
            connection = context.wrap_socket(listener.accept()[0], server_side=True)
        with connection, host.failing(connection):
            connection.sendall(connection.recv(100).upper())
            connection.recv(100)
            end(connection)
    return program


def _say_nothing(_: ssl.SSLSocket) -> None:
    """As Python does on close(): no alert."""


def _notify(connection: ssl.SSLSocket) -> None:
    """Sends close_notify and waits for the peer's."""
    with connection.unwrap():
        pass


def _notify_and_follow(connection: ssl.SSLSocket) -> None:
    """Answers close_notify with its own, and closes once the peer has."""
    with connection.unwrap() as below:
        below.recv(100)


def _notify_and_leave(connection: ssl.SSLSocket) -> None:
    """Sends close_notify and does not wait for the peer's."""
    connection.settimeout(0)
    with suppress(ssl.SSLWantReadError):
        connection.unwrap()


def _cases(version: str) -> list[Case]:
    name = "tls" if version == "1.3" else f"tls-{version}"
    return [
        Case(f"{name}-close-notify", f"TLS {version}: both send close_notify, then the client "
             "closes.", _client(_notify), _server(version, _notify_and_follow),
             ((ACTIVE, PASSIVE),)),
        Case(f"{name}-no-close-notify", f"TLS {version}: the client closes without close_notify; "
             "the server does not mind.", _client(_say_nothing),
             _server(version, _say_nothing, ssl.OP_IGNORE_UNEXPECTED_EOF), ((ACTIVE, PASSIVE),)),
    ]


_LATE_ALERT = ((ORPHAN, PASSIVE),)

CASES = [
    *_cases("1.2"),
    *_cases("1.3"),
    Case("tls-close-notify-reset", "The client sends close_notify and closes; the server's own "
         "close_notify meets a RST.", _client(_notify_and_leave), _server("1.3", _notify),
         _LATE_ALERT),
    Case("tls-no-close-notify-reset", "The client closes without close_notify; the alert that "
         "OpenSSL sends for that meets a RST.", _client(_say_nothing),
         _server("1.3", _say_nothing), _LATE_ALERT),
]
