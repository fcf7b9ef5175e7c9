"""What TIME-WAIT meets: late segments, new SYNs, its own host's connect()."""

import socket

from recording.case import ACTIVE, CROSSED, ORPHAN, PASSIVE, Case, Host, read_all
from recording.cases.basic import (answer_until_closed, ask_and_close, close_at_one_client,
                                   close_at_one_server, greet_twice)
from recording.cases.loss import NO_TIMESTAMPS, lose_last_ack
from recording.relay import Fault, behind_own_fin

_IGNORE_RESETS = (("net.ipv4.tcp_rfc1337", "1"),)
_ONE_PORT = (("net.ipv4.ip_local_port_range", "40000 40000"),)
_NO_ROOM = (("net.ipv4.tcp_max_tw_buckets", "0"),)
_PORT = 40000
_HIGH, _LOW = 3_000_000_000, 2_990_000_000


def _late_copy(match, *after: float):
    """The network delivers a copy of one of the server's segments again, much later."""
    return lambda: [Fault("server", match, copy_after=seconds) for seconds in after]


def _data(segment) -> bool:
    return segment.data


def _fin(segment) -> bool:
    return segment.fin


def come_back(again: float, *, first: int | None = None, second: int | None = None,
              patience: float | None = None):
    """A client that reads a greeting twice from the same port, with SYNs of given numbers."""
    def program(host: Host) -> None:
        with host.connect(_PORT, first) as connection:
            read_all(connection)
        host.at(again)
        with host.open(_PORT, second) as connection, host.failing():
            connection.settimeout(patience)
            connection.connect((host.peer, 80))
            read_all(connection)
    return program


def _greet_until(seconds: float):
    """Greets who comes, closes first, and listens to the end."""
    def program(host: Host) -> None:
        with host.listen() as listener:
            with listener.accept()[0] as connection:
                connection.sendall(b"hello\n")
            host.at(seconds)
    return program


def _connect_again(*times: float):
    """A client that closes first and then connects again at given times, from its only port."""
    def program(host: Host) -> None:
        host.connect().close()
        for seconds in times:
            host.at(seconds)
            with host.failing():
                host.connect().close()
    return program


def _take(connections: int, until: float):
    """A server that closes when the client has."""
    def program(host: Host) -> None:
        with host.listen() as listener:
            for _ in range(connections):
                with listener.accept()[0] as connection:
                    read_all(connection)
            host.at(until)
    return program


def _tw_reuse(value: int, loopback: bool) -> Case:
    allowed = value == 1 or (value == 2 and loopback)
    flows = ((ACTIVE, PASSIVE),) * (2 if allowed else 1)
    told = "takes the port after 1 s" if allowed else "refuses the port"
    return Case(f"tw-reuse-{value}-{'lo' if loopback else 'veth'}",
                f"tcp_tw_reuse={value} {'over lo' if loopback else 'between hosts'}: connect() "
                f"{told} of its own TIME-WAIT.",
                _connect_again(0.6, 2.0), _take(len(flows), 2.5), flows,
                settings=(*_ONE_PORT, ("net.ipv4.tcp_tw_reuse", str(value))), loopback=loopback)


def _shut_down(host: Host) -> None:
    with host.connect() as connection:
        connection.sendall(b"question")
        connection.recv(100)
        connection.shutdown(socket.SHUT_WR)
        read_all(connection)


def _bind_again(host: Host) -> None:
    """Uses its port again after TIME-WAIT is over."""
    host.connect().close()
    host.at(65.0)
    host.connect().close()


_BOTH = ((PASSIVE, ACTIVE), (PASSIVE, ACTIVE))
_CLOSED_TWICE = ((ACTIVE, PASSIVE), (ACTIVE, PASSIVE))

CASES = [
    Case("late-data-in-time-wait", "A late copy of data is answered by TIME-WAIT; the RST that "
         "comes back ends it.", ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=_late_copy(_data, 5.0)),
    # The second copy, answered again, is what tells the captures that the RST was ignored.
    Case("late-data-in-time-wait-rfc1337", "Late copies of data restart TIME-WAIT; the RSTs that "
         "come back are ignored.", ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=_late_copy(_data, 5.0, 8.0), settings=_IGNORE_RESETS),
    Case("late-fin-in-time-wait", "A late copy of the FIN is answered by TIME-WAIT; the RST that "
         "comes back ends it.", ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=_late_copy(_fin, 5.0)),
    Case("late-fin-in-time-wait-rfc1337", "Late copies of the FIN restart TIME-WAIT; the RSTs "
         "that come back are ignored.", ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=_late_copy(_fin, 5.0, 8.0), settings=_IGNORE_RESETS),
    Case("late-fin-after-time-wait", "A copy of the FIN comes after TIME-WAIT: no socket, a RST.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),), faults=_late_copy(_fin, 65.0)),
    Case("late-ack-in-time-wait", "A late bare ACK restarts TIME-WAIT without an answer.",
         close_at_one_client, close_at_one_server, ((CROSSED, CROSSED),),
         faults=_late_copy(behind_own_fin(lambda s: s.bare_ack), 10.0)),
    Case("reuse-no-timestamps", "A SYN into TIME-WAIT, no timestamps, a higher number: accepted.",
         come_back(2.2), greet_twice, _BOTH, settings=NO_TIMESTAMPS),
    Case("reuse-lower-number", "A SYN into TIME-WAIT with a lower number and a newer timestamp: "
         "accepted.", come_back(2.2, first=_HIGH, second=_LOW), greet_twice, _BOTH),
    Case("reuse-refused", "A SYN into TIME-WAIT with a lower number, no timestamps: an ACK, a "
         "RST that ends TIME-WAIT, then the SYN again.",
         come_back(2.2, first=_HIGH, second=_LOW), greet_twice, _BOTH, settings=NO_TIMESTAMPS),
    Case("reuse-blocked", "The same with tcp_rfc1337=1: refused until TIME-WAIT is over.",
         come_back(2.2, first=_HIGH, second=_LOW), greet_twice, _BOTH,
         settings=NO_TIMESTAMPS + _IGNORE_RESETS),
    Case("reuse-gave-up", "The same, but the client gives up after ACK and RST alternated.",
         come_back(2.2, first=_HIGH, second=_LOW, patience=3.5), _greet_until(7.0),
         ((PASSIVE, ACTIVE), ("CLOSED", "")), settings=NO_TIMESTAMPS + _IGNORE_RESETS),
    Case("port-again-after-time-wait", "The same port is used again after TIME-WAIT is over.",
         _bind_again, _take(2, 65.5), _CLOSED_TWICE, settings=_ONE_PORT),
    Case("time-wait-skipped", "No room for TIME-WAIT: the repeated FIN meets no socket.",
         _shut_down, answer_until_closed, ((ORPHAN, PASSIVE),), faults=lose_last_ack,
         settings=_NO_ROOM),
    Case("orphan-skipped", "No room for FIN-WAIT-2 of a closed socket: the FIN meets no socket.",
         ask_and_close, answer_until_closed, ((ORPHAN, PASSIVE),), settings=_NO_ROOM),
    *(_tw_reuse(value, loopback) for value in (0, 1, 2) for loopback in (False, True)),
]
