"""The TCP sockets of a namespace, as NETLINK_SOCK_DIAG lists them."""

import socket
import struct
from dataclasses import dataclass

from recording import network

STATES = {1: "ESTABLISHED", 2: "SYN-SENT", 3: "SYN-RECEIVED", 4: "FIN-WAIT-1", 5: "FIN-WAIT-2",
          6: "TIME-WAIT", 7: "CLOSED", 8: "CLOSE-WAIT", 9: "LAST-ACK", 10: "LISTEN", 11: "CLOSING",
          12: "SYN-RECEIVED"}

_NETLINK_SOCK_DIAG = 4
_BY_FAMILY = 20
_DUMP = 0x301
_DONE = 3
# All states but CLOSE and LISTEN.
_WANTED = 0x1FFF & ~(1 << 7) & ~(1 << 10)
_TIMER_TIME_WAIT = 3


@dataclass(frozen=True)
class Listed:
    """One socket; `mini` is milliseconds left of a mini-socket's timer, None for a full socket."""

    local: tuple[str, int]
    remote: tuple[str, int]
    state: str
    mini: int | None


class SockDiag:
    """A netlink socket inside one namespace."""

    def __init__(self, namespace: str, family: int) -> None:
        self._family = family
        with network.inside(namespace):
            self._socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG)
        body = struct.pack("=BBBxI", family, socket.IPPROTO_TCP, 0, _WANTED) + bytes(48)
        self._request = struct.pack("=IHHII", 16 + len(body), _BY_FAMILY, _DUMP, 1, 0) + body

    def close(self) -> None:
        self._socket.close()

    def list(self) -> list[Listed]:
        """Every socket that is neither closed nor listening."""
        self._socket.send(self._request)
        found: list[Listed] = []
        while True:
            octets = self._socket.recv(1 << 17)
            offset = 0
            while offset < len(octets):
                size, kind = struct.unpack_from("=IH", octets, offset)
                if kind == _DONE:
                    return found
                if kind == _BY_FAMILY:
                    found.append(self._decode(octets, offset + 16))
                offset += (size + 3) & ~3

    def _decode(self, octets: bytes, at: int) -> Listed:
        _, state, timer, _, local, remote = struct.unpack_from("=BBBBHH", octets, at)
        size = 16 if self._family == socket.AF_INET6 else 4
        source = socket.inet_ntop(self._family, octets[at + 8:at + 8 + size])
        target = socket.inet_ntop(self._family, octets[at + 24:at + 24 + size])
        expires = struct.unpack_from("=I", octets, at + 52)[0]
        return Listed((source, socket.ntohs(local)), (target, socket.ntohs(remote)),
                      STATES[state], expires if timer == _TIMER_TIME_WAIT else None)
