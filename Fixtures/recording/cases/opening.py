"""Connections that do not begin, or begin late."""

import socket

from recording.case import ABORTED, ACTIVE, PASSIVE, Case, Host, read_all
from recording.cases.basic import answer_until_closed, ask_and_close, idle
from recording.cases.http import silent_listener
from recording.relay import Fault, always
from recording.segments import unreachable

_HOST_UNREACHABLE, _PORT_UNREACHABLE = 1, 3
_FASTOPEN_BACKLOG = 16
_UNBEGUN = ((ABORTED, ""),)


def _syn(segment) -> bool:
    return segment.syn


def _syn_ack(segment) -> bool:
    return segment.syn_ack


def connecting(patience: float | None = None):
    """A client that only tries to connect."""
    def program(host: Host) -> None:
        host.at(0.2)
        with host.open() as connection, host.failing():
            connection.settimeout(patience)
            connection.connect((host.peer, 80))
    return program


def _listen(host: Host) -> None:
    with host.listen():
        host.at(5.0)


def _icmp(code: int):
    return lambda: [always("client", _syn, lose=True,
                           reply=lambda frame, _: unreachable(frame, code))]


def _fast_open_client(host: Host) -> None:
    host.at(0.2)
    for _ in range(2):
        with host.open() as connection:
            connection.sendto(b"question", socket.MSG_FASTOPEN, (host.peer, 80))
            connection.recv(100)


def _fast_open_server(host: Host) -> None:
    with host.listen() as listener:
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_FASTOPEN, _FASTOPEN_BACKLOG)
        for _ in range(2):
            with listener.accept()[0] as connection:
                connection.sendall(connection.recv(100).upper())
                read_all(connection)


def _meet(own: int, other: int, at: float):
    """Connects to a peer that connects at the same time, and closes in its turn."""
    def program(host: Host) -> None:
        host.at(at)
        connection = host.open(own)
        connection.connect((host.peer, other))
        if host.side == "client":
            host.at(1.0)
        else:
            read_all(connection)
        connection.close()
    return program


CASES = [
    Case("simultaneous-open", "Both sides connect at the same time: the SYNs cross.",
         _meet(40000, 80, 0.5), _meet(80, 40000, 0.504), ((ACTIVE, PASSIVE),)),
    Case("syn-ack-never", "No SYN-ACK arrives: the client gives up, the server long after.",
         connecting(2.5), _listen, ((ABORTED, ABORTED),),
         faults=lambda: [always("server", _syn_ack, lose=True)]),
    Case("syn-lost", "The first SYN is lost; it is repeated after a second.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("client", _syn, lose=True)]),
    Case("syn-ack-lost", "The first SYN-ACK is lost; SYN and SYN-ACK are repeated.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("server", _syn_ack, lose=True)]),
    Case("connect-timeout-kernel", "Nobody answers: the kernel gives up after its last SYN.",
         connecting(), silent_listener(10.0), _UNBEGUN,
         settings=(("net.ipv4.tcp_syn_retries", "2"),)),
    Case("connect-timeout-kernel-default", "Nobody answers: the kernel's whole schedule of SYNs.",
         connecting(), silent_listener(140.0), _UNBEGUN),
    Case("connect-timeout-application", "Nobody answers: the application gives up after 5 s.",
         connecting(5.0), silent_listener(8.0), _UNBEGUN),
    Case("syn-ack-too-late", "The SYN-ACK comes when the application has given up: a RST.",
         connecting(0.8), _listen, ((ABORTED, ABORTED),),
         faults=lambda: [always("server", _syn_ack, delay=2.0)]),
    Case("host-unreachable", "The SYN is answered by ICMP: host unreachable.",
         connecting(), idle, _UNBEGUN, faults=_icmp(_HOST_UNREACHABLE)),
    Case("port-unreachable", "The SYN is answered by ICMP: port unreachable.",
         connecting(), idle, _UNBEGUN, faults=_icmp(_PORT_UNREACHABLE)),
    Case("refused-ipv6", "No listener, over IPv6.", connecting(), idle, _UNBEGUN, family=6),
    Case("fast-open", "TCP Fast Open: a cookie, then a SYN with data.",
         _fast_open_client, _fast_open_server, ((ACTIVE, PASSIVE),),
         settings=(("net.ipv4.tcp_fastopen", "3"),)),
]
