"""Frames as octets: Ethernet, IPv4, TCP, and the capture around them."""

import struct

from crafting.notation import Frame

# 2026-01-01T00:00:00Z, in nanoseconds: the case's millisecond 0.
_BEGIN = 1_767_225_600 * 10**9
_NANOSECOND_MAGIC, _ETHERNET, _LONGEST = 0xA1B23C4D, 1, 262144
_SYN = 0x02
_DO_NOT_FRAGMENT = 0x4000
_TCP = 6


def capture(frames: list[Frame]) -> bytes:
    """A pcap file of these frames, with stamps in nanoseconds."""
    parts = [struct.pack("<IHHiIII", _NANOSECOND_MAGIC, 2, 4, 0, 0, _LONGEST, _ETHERNET)]
    for frame in frames:
        octets = _ethernet(frame)
        kept = octets[:frame.snap]
        stamp = _BEGIN + int(frame.stamp * 1_000_000)
        parts.append(struct.pack("<IIII", *divmod(stamp, 10**9), len(kept), len(octets)) + kept)
    return b"".join(parts)


def _ethernet(frame: Frame) -> bytes:
    segment = _tcp(frame)
    addresses = frame.source[0].packed + frame.destination[0].packed
    pseudo = addresses + struct.pack("!HH", _TCP, len(segment))
    segment = segment[:16] + _checksum(pseudo + segment) + segment[18:]
    header = struct.pack("!BBHHHBBH", 0x45, 0, 20 + len(segment), frame.identification,
                         _DO_NOT_FRAGMENT, frame.ttl, _TCP, 0) + addresses
    header = header[:10] + _checksum(header) + header[12:]
    # A link address that holds the IP address, one a host.
    links = b"\x02\0" + frame.destination[0].packed + b"\x02\0" + frame.source[0].packed
    return links + b"\x08\x00" + header + segment


def _tcp(frame: Frame) -> bytes:
    options = b""
    if frame.flags & _SYN:
        options += struct.pack("!BBH", 2, 4, 1460)
    if frame.timestamps:
        options += struct.pack("!BBBBII", 1, 1, 8, 10, *frame.timestamps)
    header = struct.pack("!HHIIBBHHH", frame.source[1], frame.destination[1], frame.sequence,
                         frame.acknowledgment, (20 + len(options)) << 2, frame.flags,
                         frame.window, 0, 0)
    return header + options + frame.payload


def _checksum(octets: bytes) -> bytes:
    """The Internet checksum (RFC 1071)."""
    octets += b"\0" * (len(octets) % 2)
    total = sum(struct.unpack(f"!{len(octets) // 2}H", octets))
    while total > 0xFFFF:
        total = (total & 0xFFFF) + (total >> 16)
    return struct.pack("!H", ~total & 0xFFFF)
