"""HTTP clients and their timeouts."""

import ctypes
import http.client
import socket
import struct
import time

from recording import programs
from recording.case import ABORTED, ACTIVE, ORPHAN, PASSIVE, Case, Host, read_all

_SO_ATTACH_FILTER, _SO_DETACH_FILTER = 26, 27
_RETURN = 0x06

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n"
_OLD_ANSWER = b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nhello\n"


def url(host: Host) -> str:
    return f"http://{host.peer}/"


def read_request(connection: socket.socket) -> bytes:
    """A request without a body, or b"" at the end of the stream."""
    octets = b""
    while b"\r\n\r\n" not in octets:
        part = connection.recv(4096)
        if not part:
            return b""
        octets += part
    return octets


def serve(connections: int):
    """A server of HTTP/1.1 that keeps connections until the client closes them."""
    def program(host: Host) -> None:
        with host.listen() as listener:
            for _ in range(connections):
                with listener.accept()[0] as connection:
                    while read_request(connection):
                        connection.sendall(ANSWER)
    return program


def answer_late(host: Host) -> None:
    """Answers the one request after 4 s, in two parts."""
    with host.accept() as connection, host.failing(connection):
        read_request(connection)
        time.sleep(4.0)
        connection.sendall(ANSWER)
        time.sleep(0.2)
        connection.sendall(b"more")


def _hello_client(host: Host) -> None:
    with host.connect() as connection:
        connection.recv(100)


def _hello_server(host: Host) -> None:
    with host.accept() as connection:
        connection.sendall(b"hello\n")
        read_all(connection)


def _http_client(host: Host) -> None:
    host.at(0.2)
    connection = http.client.HTTPConnection(host.peer, timeout=2)
    connection.request("GET", "/")
    with host.failing():
        connection.getresponse()
    connection.close()


def _requests_once(host: Host) -> None:
    programs.use()
    import requests
    host.at(0.5)
    with host.failing():
        requests.get(url(host), timeout=(1, 2))


def silent_listener(until: float, then=None):
    """A server that listens, but drops whatever comes, until it hears again or ends.

    `then` takes the listener.
    """
    def program(host: Host) -> None:
        drop = ctypes.create_string_buffer(struct.pack("HBBI", _RETURN, 0, 0, 0))
        with host.listen() as listener:
            listener.setsockopt(socket.SOL_SOCKET, _SO_ATTACH_FILTER,
                                struct.pack("HP", 1, ctypes.addressof(drop)))
            host.at(until)
            if then:
                listener.setsockopt(socket.SOL_SOCKET, _SO_DETACH_FILTER, 0)
                then(listener)
    return program


def _urllib3_once(host: Host) -> None:
    programs.use()
    import urllib3
    host.at(0.5)
    pool = urllib3.PoolManager(timeout=urllib3.Timeout(connect=1, read=2), retries=False)
    with host.failing(errors=urllib3.exceptions.HTTPError):
        pool.request("GET", url(host))


def _session(host: Host) -> None:
    programs.use()
    import requests
    host.at(0.5)
    with requests.Session() as session:
        for _ in range(5):
            session.get(url(host), timeout=(1, 2))
            time.sleep(0.2)


def _no_session(host: Host) -> None:
    programs.use()
    import requests
    host.at(0.5)
    for _ in range(5):
        requests.get(url(host), timeout=(1, 2))
        time.sleep(0.2)


def _serve_old(host: Host) -> None:
    with host.listen() as listener:
        for _ in range(5):
            with listener.accept()[0] as connection:
                read_request(connection)
                connection.sendall(_OLD_ANSWER)


_READ_TIMEOUT = ((ORPHAN, "CLOSE-WAIT CLOSED"),)

CASES = [
    Case("hello-server", "A server says hello; its client reads that and closes first.",
         _hello_client, _hello_server, ((ACTIVE, PASSIVE),)),
    Case("http-client-timeout", "http.client gives up reading after 2 s; the answer meets a RST.",
         _http_client, answer_late, _READ_TIMEOUT),
    Case("requests-connect-timeout", "requests gives up connecting after 1 s: the SYNs stop.",
         _requests_once, silent_listener(5.0), ((ABORTED, ""),)),
    Case("requests-read-timeout", "requests gives up reading after 2 s; the answer meets a RST.",
         _requests_once, answer_late, _READ_TIMEOUT),
    Case("urllib3-timeout", "urllib3 gives up reading after 2 s; the answer meets a RST.",
         _urllib3_once, answer_late, _READ_TIMEOUT),
    Case("session-keep-alive", "requests.Session: five requests on one connection.",
         _session, serve(1), ((ACTIVE, PASSIVE),)),
    Case("no-session", "requests.get five times: a connection each, closed by the client.",
         _no_session, serve(5), ((ACTIVE, PASSIVE),)),
    Case("http-1.0-server-closes", "HTTP/1.0: the server closes every connection first.",
         _no_session, _serve_old, ((PASSIVE, ACTIVE),)),
]
