"""Resets: who sends them, and which of them count."""

import socket
import time

from recording.case import ABORTED, ACTIVE, ORPHAN, PASSIVE, Case, Host, abort, die
from recording.cases.basic import answer_until_closed, ask_and_close, idle
from recording.relay import Fault
from recording.segments import RST, rewrite


def asking(then, at: float = 1.0):
    """A client that asks, reads the answer, and does something with its connection."""
    def program(host: Host) -> None:
        connection = host.connect()
        connection.sendall(b"question")
        connection.recv(100)
        host.at(at)
        with host.failing(connection):
            then(connection)
    return program


def _shut_down_then_abort(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)
    time.sleep(1.0)
    abort(connection)


def _shut_down_then_read(connection: socket.socket) -> None:
    connection.shutdown(socket.SHUT_WR)
    connection.recv(100)


def answering(then):
    """A server that answers and does something once the client has ended or failed."""
    def program(host: Host) -> None:
        connection = host.accept()
        connection.sendall(connection.recv(100).upper())
        with host.failing(connection):
            connection.recv(100)
            then(connection)
    return program


def _linger(connection: socket.socket) -> None:
    time.sleep(0.5)
    abort(connection)


def _read_again(connection: socket.socket) -> None:
    connection.recv(100)
    time.sleep(2.0)


def _close_unread(host: Host) -> None:
    connection = host.connect()
    connection.sendall(b"question")
    host.at(1.0)
    connection.close()


def _die(connection: socket.socket) -> None:
    die()


def _die_unread(host: Host) -> None:
    connection = host.connect()
    connection.sendall(b"question")
    host.at(1.0)
    die()


def _write_later(host: Host) -> None:
    """Answers, hears nothing, sends again at three seconds."""
    connection = host.accept()
    connection.sendall(connection.recv(100).upper())
    host.at(3.0)
    with host.failing(connection):
        connection.sendall(b"news\n")
        connection.recv(100)


def _write_at_close(host: Host) -> None:
    """Sends while the client's FIN is on its way."""
    connection = host.accept()
    connection.sendall(connection.recv(100).upper())
    host.at(1.005)
    with host.failing(connection):
        connection.sendall(b"news\n")
        time.sleep(0.5)
        connection.sendall(b"more news\n")


def _ask_twice(host: Host) -> None:
    with host.connect() as connection, host.failing(connection):
        for _ in range(2):
            connection.sendall(b"question")
            connection.recv(100)
            time.sleep(0.5)


def _answer_twice(host: Host) -> None:
    with host.accept() as connection, host.failing(connection):
        while question := connection.recv(100):
            connection.sendall(question.upper())


def _never_accept(host: Host) -> None:
    with host.listen():
        host.at(1.0)


def _expect_reset(host: Host) -> None:
    with host.connect() as connection, host.failing(connection):
        connection.recv(100)


def _forged_reset(offset: int):
    """A RST that pretends to follow the client's question, off by some octets."""
    def forge(frame: bytes, segment) -> bytes:
        return rewrite(frame, flags=RST, sequence=segment.sequence + segment.length + offset)
    return lambda: [Fault("client", lambda s: s.data, forge=forge)]


def vanish(host: Host) -> None:
    """Answers, then its host goes down without a word and is up again with no memory."""
    connection = host.accept()
    connection.sendall(connection.recv(100).upper())
    host.at(1.0)
    with host.cut_off():
        abort(connection)


def _ask_again(connection: socket.socket) -> None:
    connection.sendall(b"still there?")
    connection.recv(100)


CASES = [
    Case("linger-0-close-wait", "The server aborts with SO_LINGER 0 from CLOSE-WAIT.",
         asking(_shut_down_then_read), answering(_linger), ((ORPHAN, "CLOSE-WAIT CLOSED"),)),
    Case("linger-0-fin-wait-2", "The client aborts with SO_LINGER 0 from FIN-WAIT-2.",
         asking(_shut_down_then_abort), answering(_read_again), ((ORPHAN, "CLOSE-WAIT CLOSED"),)),
    Case("linger-0-ipv6", "The client aborts with SO_LINGER 0, over IPv6.",
         asking(abort), answering(idle), ((ABORTED, ABORTED),), family=6),
    Case("close-unread-data", "The client closes before it has read the answer: a RST.",
         _close_unread, answering(idle), ((ABORTED, ABORTED),)),
    Case("kill-9", "The client is killed: the kernel closes as close() does.",
         asking(_die), answer_until_closed, ((ACTIVE, PASSIVE),)),
    Case("kill-9-unread-data", "The client is killed before it has read the answer: a RST.",
         _die_unread, answering(idle), ((ABORTED, ABORTED),)),
    Case("reset-lost", "The client's RST is lost; the server's next data meets no socket.",
         asking(abort), _write_later, ((ABORTED, ABORTED),),
         faults=lambda: [Fault("client", lambda s: s.rst, lose=True)]),
    Case("reset-in-window", "A forged RST in the window but not exact: a challenge ACK, no end.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), faults=_forged_reset(100)),
    Case("reset-below-window", "A forged RST below the window is ignored.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), faults=_forged_reset(-100)),
    Case("reset-forged", "A forged RST with the exact number ends the server's side only.",
         _ask_twice, _answer_twice, ((ABORTED, ABORTED),), faults=_forged_reset(0)),
    Case("listener-closed", "The listener is closed before it accepted the connection.",
         _expect_reset, _never_accept, ((ABORTED, ABORTED),)),
    Case("data-meets-fin-wait-1", "Data and the client's FIN cross: the orphan answers with a RST.",
         asking(socket.socket.close), _write_at_close,
         (("FIN-WAIT-1 CLOSED", "CLOSE-WAIT CLOSED"),)),
    Case("host-restarted", "The server's host restarted: the client's next data meets no socket.",
         asking(_ask_again, at=3.0), vanish, ((ABORTED, ABORTED),)),
]
