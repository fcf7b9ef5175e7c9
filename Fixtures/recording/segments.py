"""TCP segments inside Ethernet frames: reading, rewriting, and the captures that hold them."""

import socket
import struct
from dataclasses import dataclass
from pathlib import Path

FIN, SYN, RST, PSH, ACK = 0x01, 0x02, 0x04, 0x08, 0x10

ETHERNET = 14
IPV4, IPV6 = 0x0800, 0x86DD


@dataclass(frozen=True)
class Segment:
    """One TCP segment of a frame; `length` is its payload in octets."""

    source: tuple[str, int]
    destination: tuple[str, int]
    sequence: int
    acknowledgment: int
    flags: int
    length: int

    @property
    def syn(self) -> bool:
        """A SYN that opens: without ACK."""
        return self.flags & (SYN | ACK) == SYN

    @property
    def syn_ack(self) -> bool:
        return self.flags & (SYN | ACK) == SYN | ACK

    @property
    def fin(self) -> bool:
        return bool(self.flags & FIN)

    @property
    def rst(self) -> bool:
        return bool(self.flags & RST)

    @property
    def data(self) -> bool:
        return self.length > 0

    @property
    def bare_ack(self) -> bool:
        """An ACK and nothing else."""
        return self.flags & (SYN | FIN | RST | ACK) == ACK and self.length == 0


def _network(frame: bytes) -> tuple[int, int, int] | None:
    """Address family, offset of the TCP header, end of the packet; None for anything else."""
    if len(frame) < ETHERNET + 20:
        return None
    kind = struct.unpack_from("!H", frame, 12)[0]
    if kind == IPV4 and frame[ETHERNET + 9] == socket.IPPROTO_TCP:
        end = ETHERNET + struct.unpack_from("!H", frame, ETHERNET + 2)[0]
        return socket.AF_INET, ETHERNET + (frame[ETHERNET] & 15) * 4, end
    if kind == IPV6 and frame[ETHERNET + 6] == socket.IPPROTO_TCP:
        end = ETHERNET + 40 + struct.unpack_from("!H", frame, ETHERNET + 4)[0]
        return socket.AF_INET6, ETHERNET + 40, end
    return None


def _addresses(frame: bytes, family: int) -> tuple[bytes, bytes]:
    start, size = (ETHERNET + 12, 4) if family == socket.AF_INET else (ETHERNET + 8, 16)
    return frame[start:start + size], frame[start + size:start + 2 * size]


def parse(frame: bytes) -> Segment | None:
    """The TCP segment of an Ethernet frame, or None. The frame may be cut behind the header."""
    network = _network(frame)
    if network is None:
        return None
    family, start, end = network
    ports = struct.unpack_from("!HHIIBB", frame, start)
    source, destination = (socket.inet_ntop(family, a) for a in _addresses(frame, family))
    return Segment((source, ports[0]), (destination, ports[1]), ports[2], ports[3],
                   ports[5], end - start - (ports[4] >> 4) * 4)


def _checksum(*parts: bytes) -> int:
    octets = b"".join(parts)
    if len(octets) % 2:
        octets += b"\0"
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return ~total & 0xFFFF


def rewrite(frame: bytes, *, flags: int, sequence: int, acknowledgment: int = 0) -> bytes:
    """A frame between the same endpoints: no payload, no options, other numbers and flags."""
    family, start, _ = _network(frame)
    addresses = _addresses(frame, family)
    header = bytearray(frame[start:start + 20])
    struct.pack_into("!IIBBHHH", header, 4, sequence % 2**32, acknowledgment % 2**32,
                     5 << 4, flags, 8192, 0, 0)
    pseudo = b"".join(addresses) + struct.pack("!II", 20, socket.IPPROTO_TCP)
    struct.pack_into("!H", header, 16, _checksum(pseudo, header))
    packet = bytearray(frame[:start])
    if family == socket.AF_INET:
        del packet[ETHERNET + 20:]
        packet[ETHERNET] = 0x45
        struct.pack_into("!H", packet, ETHERNET + 2, 40)
        struct.pack_into("!H", packet, ETHERNET + 10, 0)
        struct.pack_into("!H", packet, ETHERNET + 10, _checksum(packet[ETHERNET:]))
    else:
        struct.pack_into("!H", packet, ETHERNET + 4, 20)
    return bytes(packet + header)


def unreachable(frame: bytes, code: int, mtu: int = 0) -> bytes:
    """An ICMP "destination unreachable" that quotes an IPv4 frame and goes back to its sender.

    `mtu` is that of the next hop, in octets, which code 4 tells (RFC 1191).
    """
    quote = frame[ETHERNET:ETHERNET + 28]
    body = struct.pack("!BBHI", 3, code, 0, mtu) + quote
    body = body[:2] + struct.pack("!H", _checksum(body)) + body[4:]
    source, destination = _addresses(frame, socket.AF_INET)
    header = struct.pack("!BBHHHBBH4s4s", 0x45, 0xC0, 20 + len(body), 0, 0, 64,
                         socket.IPPROTO_ICMP, 0, destination, source)
    header = header[:10] + struct.pack("!H", _checksum(header)) + header[12:]
    return frame[6:12] + frame[0:6] + frame[12:14] + header + body


def read_capture(path: Path) -> list[tuple[int, Segment]]:
    """The TCP segments of a little-endian nanosecond pcap, each with its stamp in nanoseconds."""
    octets = path.read_bytes()
    if struct.unpack_from("<I", octets)[0] != 0xA1B23C4D:
        raise ValueError(f"{path}: not a little-endian nanosecond pcap")
    found, offset = [], 24
    while offset < len(octets):
        seconds, nanoseconds, size, _ = struct.unpack_from("<IIII", octets, offset)
        segment = parse(octets[offset + 16:offset + 16 + size])
        if segment:
            found.append((seconds * 10**9 + nanoseconds, segment))
        offset += 16 + size
    return found
