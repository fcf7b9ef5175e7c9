"""Segments that get lost, repeated, doubled or overtaken on the way."""

import socket
import time

from recording.case import (ABORTED, ACTIVE, CROSSED, PASSIVE, Case, Host, abort, read_all)
from recording.cases.basic import (answer_until_closed, ask_and_close, close_at_one_client,
                                   close_at_one_server)
from recording.relay import Fault, always, behind_own_fin

NO_TIMESTAMPS = (("net.ipv4.tcp_timestamps", "0"),)


def _fin(segment) -> bool:
    return segment.fin


def _bare_ack(segment) -> bool:
    return segment.bare_ack


def _any(_) -> bool:
    return True


def lose_fin() -> list[Fault]:
    return [Fault("client", _fin, lose=True)]


def lose_last_ack() -> list[Fault]:
    return [Fault("client", behind_own_fin(_bare_ack), lose=True)]


def _answer_and_linger(host: Host) -> None:
    """Closes a second after the client."""
    with host.accept() as connection:
        connection.sendall(connection.recv(100).upper())
        read_all(connection)
        time.sleep(1.0)


def _wait_then(end, seconds: float):
    """A server that answers once, hears nothing more, and ends at its own time."""
    def program(host: Host) -> None:
        connection = host.accept()
        connection.sendall(connection.recv(100).upper())
        host.at(seconds)
        with host.failing(connection):
            end(connection)
    return program


def _ask_in_two_parts(host: Host) -> None:
    with host.connect() as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        connection.sendall(b"question")
        connection.recv(100)
        connection.sendall(b"last words")


def _silent_client(host: Host) -> None:
    with host.connect():
        host.at(3.0)


def _silent_server(host: Host) -> None:
    with host.accept() as connection:
        read_all(connection)


CASES = [
    Case("fin-lost", "The first FIN is lost; its repeat arrives.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), faults=lose_fin),
    Case("fin-ack-lost", "The ACK of the first FIN is lost; the FIN is repeated.",
         close_at_one_client, _answer_and_linger, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("server", _bare_ack, lose=True, since=0.9)]),
    Case("last-ack-never", "No last ACK ever arrives: LAST-ACK gives up, TIME-WAIT is restarted.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [always("client", behind_own_fin(_bare_ack), lose=True)]),
    Case("fin-gave-up", "A black hole after the close: the FIN is repeated until the kernel gives "
         "up; the peer notices nothing and aborts later.",
         close_at_one_client, _wait_then(abort, 125.0), (("FIN-WAIT-1 CLOSED", ABORTED),),
         faults=lambda: [always("client", _any, lose=True, since=0.9)]),
    Case("fin-gave-up-then-fin", "A FIN of the peer meets no socket after the closer gave up.",
         close_at_one_client, _wait_then(socket.socket.close, 125.0),
         (("FIN-WAIT-1 CLOSED", "FIN-WAIT-1 CLOSED"),),
         faults=lambda: [always("client", _any, lose=True, since=0.9, until=120.0)]),
    Case("simultaneous-fin-lost", "The FINs cross and one is lost: only its sender sees CLOSING.",
         close_at_one_client, close_at_one_server, ((CROSSED, ACTIVE),), faults=lose_fin),
    Case("fin-lost-no-timestamps", "The first FIN is lost, without timestamps.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), faults=lose_fin,
         settings=NO_TIMESTAMPS),
    Case("lost-last-ack-no-timestamps", "The last ACK is lost once, without timestamps.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), faults=lose_last_ack,
         settings=NO_TIMESTAMPS),
    Case("simultaneous-no-timestamps", "The FINs cross, without timestamps.",
         close_at_one_client, close_at_one_server, ((CROSSED, CROSSED),), settings=NO_TIMESTAMPS),
    Case("lost-last-ack-ipv6", "The last ACK is lost once, over IPv6.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), faults=lose_last_ack, family=6),
    Case("simultaneous-ipv6", "The FINs cross, over IPv6.",
         close_at_one_client, close_at_one_server, ((CROSSED, CROSSED),), family=6),
    Case("fin-overtakes-data", "The FIN arrives before the data that it follows.",
         _ask_in_two_parts, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("client", lambda s: s.length == 10, delay=0.03)]),
    Case("doubled", "The network doubles every segment.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [always(side, _any, copy_after=0.001) for side in ("client", "server")]),
    Case("handshake-ack-lost", "The handshake's ACK is lost; the server repeats its SYN-ACK.",
         _silent_client, _silent_server, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("client", _bare_ack, lose=True)]),
]
