"""Connections on which nothing moves: keep-alive, full windows, races with an idle limit."""

import socket
import time

from recording import programs
from recording.case import ABORTED, ACTIVE, PASSIVE, Case, Host, abort, read_all
from recording.cases.basic import answer_until_closed
from recording.cases.http import ANSWER, read_request, url
from recording.cases.resets import vanish
from recording.relay import always

_MUCH = bytes(150_000)


def _probing(host: Host) -> socket.socket:
    """A client's connection with keep-alive: after 2 s, every second, three times."""
    connection = host.connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, 2)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPINTVL, 1)
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPCNT, 3)
    connection.sendall(b"question")
    connection.recv(100)
    return connection


def _probe_until_dead(host: Host) -> None:
    with _probing(host) as connection, host.failing(connection):
        connection.recv(100)


def _probe_and_close(host: Host) -> None:
    with _probing(host):
        host.at(5.0)


def _answer_then_abort(seconds: float):
    def program(host: Host) -> None:
        connection = host.accept()
        connection.sendall(connection.recv(100).upper())
        host.at(seconds)
        abort(connection)
    return program


def _send_much(host: Host) -> None:
    """Leaves more behind than the peer's window takes, and closes."""
    connection = host.connect()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 2 * len(_MUCH))
    connection.sendall(_MUCH)
    host.at(1.0)
    connection.close()


def _small_window(then, at: float):
    """A server with a small window that reads nothing for a while."""
    def program(host: Host) -> None:
        with host.listen(receive_buffer=4096) as listener:
            connection, _ = listener.accept()
        host.at(at)
        then(connection)
        connection.close()
    return program


def _ask_into_the_void(host: Host) -> None:
    with host.connect() as connection, host.failing(connection):
        connection.sendall(b"question")
        connection.recv(100)
        host.at(1.0)
        connection.sendall(b"anybody?")
        connection.recv(100)


def _race(host: Host) -> None:
    """Sends a request while the server's FIN is on its way."""
    programs.use()
    import requests
    host.at(0.5)
    with requests.Session() as session:
        session.get(url(host), timeout=(1, 2))
        host.at(2.02)
        with host.failing():
            session.get(url(host), timeout=(1, 2))


def _close_idle(seconds: float):
    """A server of HTTP/1.1 that closes its connection at a time."""
    def program(host: Host) -> None:
        with host.accept() as connection:
            read_request(connection)
            connection.sendall(ANSWER)
            host.at(seconds)
    return program


def _pool(host: Host) -> None:
    """Leaves a connection in its pool that the server closes meanwhile."""
    programs.use()
    import requests
    host.at(0.5)
    with requests.Session() as session:
        session.get(url(host), timeout=(1, 2))
        host.at(8.0)
        session.get(url(host), timeout=(1, 2))


def _close_idle_once(host: Host) -> None:
    with host.listen() as listener:
        with listener.accept()[0] as connection:
            read_request(connection)
            connection.sendall(ANSWER)
            time.sleep(5.0)
        with listener.accept()[0] as connection:
            read_request(connection)
            connection.sendall(ANSWER)
            read_all(connection)


CASES = [
    Case("keep-alive-answered", "Keep-alive probes are answered; the connection goes on.",
         _probe_and_close, answer_until_closed, ((ACTIVE, PASSIVE),)),
    Case("keep-alive-reset", "A keep-alive probe meets no socket: the server's host restarted.",
         _probe_until_dead, vanish, ((ABORTED, ABORTED),)),
    Case("keep-alive-failed", "Keep-alive probes are lost until the prober gives up.",
         _probe_until_dead, _answer_then_abort(8.0), ((ABORTED, ABORTED),),
         faults=lambda: [always("client", lambda s: True, lose=True, since=1.0)]),
    Case("data-gave-up", "Data is repeated into a black hole until the kernel gives up.",
         _ask_into_the_void, _answer_then_abort(12.0), ((ABORTED, ABORTED),),
         faults=lambda: [always("client", lambda s: True, lose=True, since=0.9)],
         settings=(("net.ipv4.tcp_retries2", "4"),)),
    Case("fin-behind-data", "The FIN waits for seconds behind data that a full window holds up.",
         _send_much, _small_window(read_all, 6.0), ((ACTIVE, PASSIVE),)),
    Case("fin-never-sent", "FIN-WAIT-1 without a FIN: the window stays full, the peer aborts.",
         _send_much, _small_window(abort, 8.0), (("FIN-WAIT-1 CLOSED", ABORTED),)),
    Case("keep-alive-race", "The server's idle limit and a request cross: FIN, request, RST.",
         _race, _close_idle(2.0), (("CLOSE-WAIT LAST-ACK CLOSED", "FIN-WAIT-1 CLOSED"),),
         delay=0.05),
    Case("idle-limit", "The server closes after 5 s of idleness; the client's pool notices at its "
         "next request.", _pool, _close_idle_once,
         (("CLOSE-WAIT LAST-ACK CLOSED", "FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED"),
          (ACTIVE, PASSIVE))),
]
