"""Captures as Python sees them: those of Fixtures read, and written in other forms."""

import struct
from pathlib import Path
from typing import NamedTuple

FIXTURES = Path(__file__).resolve().parents[2] / "Fixtures"
NANOSECONDS = 0xA1B23C4D


class Frame(NamedTuple):
    """One record of a capture; `time` is in nanoseconds, `length` is that on the wire."""

    time: int
    length: int
    octets: bytes


class Capture(NamedTuple):
    link_type: int
    frames: list[Frame]


def read(path: Path, most: int) -> Capture:
    """Up to `most` frames of a pcap file as the fixtures are: little-endian, nanoseconds."""
    octets = path.read_bytes()
    magic, link_type = struct.unpack_from("<I16xI", octets)
    if magic != NANOSECONDS:
        raise ValueError(f"{path} has another form")
    frames, place = [], 24
    while place < len(octets) and len(frames) < most:
        seconds, fraction, captured, length = struct.unpack_from("<4I", octets, place)
        place += 16
        frames.append(
            Frame(seconds * 10**9 + fraction, length, octets[place:place + captured]))
        place += captured
    return Capture(link_type, frames)


def pcap(capture: Capture, order: str, nanoseconds: bool) -> bytes:
    """A pcap file; `order` is < or >, as `struct` has it."""
    unit = 1 if nanoseconds else 1000
    magic = NANOSECONDS if nanoseconds else 0xA1B2C3D4
    parts = [struct.pack(order + "IHHiIII", magic, 2, 4, 0, 0, 65535, capture.link_type)]
    for time, length, octets in capture.frames:
        seconds, fraction = divmod(time, 10**9)
        parts.append(
            struct.pack(order + "4I", seconds, fraction // unit, len(octets), length) + octets)
    return b"".join(parts)


def pcapng(capture: Capture, order: str) -> bytes:
    """Two interfaces of different resolution, and a block that nobody needs between them."""

    def block(kind: int, body: bytes) -> bytes:
        body += bytes(-len(body) % 4)
        length = struct.pack(order + "I", len(body) + 12)
        return struct.pack(order + "I", kind) + length + body + length

    def option(code: int, value: bytes) -> bytes:
        return struct.pack(order + "HH", code, len(value)) + value + bytes(-len(value) % 4)

    end = option(0, b"")
    interface = struct.pack(order + "HHI", capture.link_type, 0, 65535)
    parts = [
        block(0x0A0D0D0A, struct.pack(order + "IHHq", 0x1A2B3C4D, 1, 0, -1)),
        block(1, interface + option(2, b"eth\x1b[2J") + option(9, b"\x09") + end),
        block(4, bytes(8)),
        block(1, interface + option(14, struct.pack(order + "q", 0)) + end),
    ]
    for number, (time, length, octets) in enumerate(capture.frames):
        which = number % 2
        ticks = time if which == 0 else time // 1000
        head = struct.pack(
            order + "5I", which, ticks >> 32, ticks & 0xFFFFFFFF, len(octets), length)
        padding = bytes(-len(octets) % 4)
        parts.append(block(6, head + octets + padding + option(1, b"a\ncomment") + end))
    return b"".join(parts)
