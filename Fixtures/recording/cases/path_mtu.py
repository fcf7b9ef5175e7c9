"""Segments too large for the path: with and without a sender that hears of it."""

import socket

from recording.case import ABORTED, ACTIVE, PASSIVE, Case, Host, read_all
from recording.relay import always
from recording.segments import unreachable

_FRAGMENTATION_NEEDED = 4
_MTU = 1280
_MUCH = bytes(3000)

_IP_MTU_DISCOVER, _ALWAYS_DF = 10, 2
# The host throws away what ICMP says of the path; repeats end after a few seconds.
_DEAF = (("net.ipv4.ip_no_pmtu_disc", "2"), ("net.ipv4.tcp_retries2", "4"))
_BRIEF = (("net.ipv4.tcp_retries2", "4"),)


def _too_large(segment) -> bool:
    return segment.length > _MTU - 40


def _tell(frame: bytes, _) -> bytes:
    return unreachable(frame, _FRAGMENTATION_NEEDED, _MTU)


def _narrow(**what):
    """A path that loses what is too large on its way to the client."""
    return lambda: [always("server", _too_large, lose=True, **what)]


def _answer_much(host: Host) -> None:
    with host.listen() as listener:
        listener.setsockopt(socket.IPPROTO_IP, _IP_MTU_DISCOVER, _ALWAYS_DF)
        connection, _ = listener.accept()
    with connection, host.failing(connection):
        connection.recv(100)
        connection.sendall(_MUCH)
        read_all(connection)


def _read_much(host: Host) -> None:
    """Reads all of the answer, or gives up."""
    with host.connect() as connection, host.failing(connection):
        connection.settimeout(12.0)
        connection.sendall(b"question")
        left = len(_MUCH)
        while left:
            left -= len(connection.recv(left))


_LOST = (("FIN-WAIT-1 CLOSED", ABORTED),)

CASES = [
    Case("path-mtu-discovery", "Full segments do not fit; the server hears of it by ICMP and sends "
         "smaller ones.", _read_much, _answer_much, ((ACTIVE, PASSIVE),),
         faults=_narrow(reply=_tell)),
    Case("mtu-black-hole", "Full segments do not fit; the server does not heed ICMP and repeats "
         "them until it gives up.", _read_much, _answer_much, _LOST,
         faults=_narrow(reply=_tell), settings=_DEAF),
    Case("mtu-black-hole-silent", "Full segments do not fit and nobody says so; the server repeats "
         "them until it gives up.", _read_much, _answer_much, _LOST, faults=_narrow(),
         settings=_BRIEF),
]
