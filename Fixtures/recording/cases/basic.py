"""The plain ends of a connection."""

import socket
import time

from recording.case import ABORTED, ACTIVE, CROSSED, PASSIVE, Case, Host, abort, read_all
from recording.relay import Fault, behind_own_fin


def ask_and_close(host: Host) -> None:
    """Asks, takes the answer, closes."""
    with host.connect() as connection:
        connection.sendall(b"question")
        connection.recv(100)


def answer_until_closed(host: Host) -> None:
    """Answers once and closes when the client has, a moment later."""
    with host.accept() as connection:
        connection.sendall(connection.recv(100).upper())
        read_all(connection)
        time.sleep(0.1)


def answer_and_follow(host: Host) -> None:
    """Answers once and closes as soon as the client has."""
    with host.accept() as connection:
        connection.sendall(connection.recv(100).upper())
        read_all(connection)


def answer_and_close(host: Host) -> None:
    """Answers once and closes first."""
    with host.accept() as connection:
        connection.sendall(connection.recv(100).upper())


def ask_and_follow(host: Host) -> None:
    """Asks, reads to the end, closes a moment later."""
    with host.connect() as connection:
        connection.sendall(b"question")
        read_all(connection)
        time.sleep(0.1)


def close_at_one_client(host: Host) -> None:
    connection = host.connect()
    connection.sendall(b"question")
    connection.recv(100)
    host.at(1.0)
    connection.close()


def close_at_one_server(host: Host) -> None:
    connection = host.accept()
    connection.sendall(connection.recv(100).upper())
    host.at(1.0)
    connection.close()


def _half_close_client(host: Host) -> None:
    with host.connect() as connection:
        connection.sendall(b"question")
        connection.shutdown(socket.SHUT_WR)
        read_all(connection)


def _half_close_server(host: Host) -> None:
    with host.accept() as connection:
        read_all(connection)
        for _ in range(5):
            time.sleep(0.3)
            connection.sendall(b"part of the answer\n" * 10)


def _cork(host: Host) -> None:
    """Holds the answer back until the close, so that the FIN carries it."""
    with host.accept() as connection:
        connection.send(connection.recv(100).upper(), socket.MSG_MORE)


def _wrap(host: Host) -> None:
    """Asks and closes with numbers that wrap around at the FIN."""
    with host.connect(sequence=2**32 - 10) as connection:
        connection.sendall(b"question")
        connection.recv(100)


def _refused(host: Host) -> None:
    with host.failing():
        host.connect()


def idle(host: Host) -> None:
    """Does nothing: no socket."""


def _abort_client(host: Host) -> None:
    connection = host.connect()
    connection.sendall(b"question")
    connection.recv(100)
    host.at(0.6)
    abort(connection)


def _meet_abort(host: Host) -> None:
    with host.accept() as connection:
        connection.sendall(connection.recv(100).upper())
        with host.failing(connection):
            connection.recv(100)


def _reuse_client(host: Host) -> None:
    connection = host.connect(port=40000)
    read_all(connection)
    connection.close()
    host.at(2.2)
    connection = host.connect(port=40000)
    read_all(connection)
    connection.close()


def greet_twice(host: Host) -> None:
    """Greets two clients and closes first."""
    with host.listen() as listener:
        for _ in range(2):
            connection, _ = listener.accept()
            connection.sendall(b"hello\n")
            connection.close()


CASES = [
    Case("client-first", "The client closes first, the server a moment later.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),)),
    Case("server-first", "The server closes first, the client a moment later.",
         ask_and_follow, answer_and_close, ((PASSIVE, ACTIVE),)),
    Case("three-segments", "The peer closes at once: FIN, FIN+ACK, ACK.",
         ask_and_close, answer_and_follow, ((ACTIVE, PASSIVE),)),
    Case("simultaneous", "Both sides close at the same time: the FINs cross.",
         close_at_one_client, close_at_one_server, ((CROSSED, CROSSED),)),
    Case("half-close", "The client shuts down its sending side; the server sends on, then closes.",
         _half_close_client, _half_close_server, ((ACTIVE, PASSIVE),)),
    Case("refused", "No listener: the SYN is answered by a RST.",
         _refused, idle, ((ABORTED, ""),)),
    Case("linger-0", "The client aborts with SO_LINGER 0.",
         _abort_client, _meet_abort, ((ABORTED, ABORTED),)),
    Case("lost-last-ack", "The last ACK is lost once; the server repeats its FIN.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("client", behind_own_fin(lambda s: s.bare_ack), lose=True)]),
    Case("reuse-in-time-wait",
         "The server closed first; the client's new SYN from the same port ends its TIME-WAIT.",
         _reuse_client, greet_twice, ((PASSIVE, ACTIVE), (PASSIVE, ACTIVE))),
    Case("fin-with-data", "The server's FIN carries its answer.",
         ask_and_follow, _cork, ((PASSIVE, ACTIVE),)),
    Case("sequence-wrap", "The client's FIN has sequence number 4294967295: its ACK is 0.",
         _wrap, answer_until_closed, ((ACTIVE, PASSIVE),)),
    Case("ipv6", "The client closes first, over IPv6.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), family=6),
]
