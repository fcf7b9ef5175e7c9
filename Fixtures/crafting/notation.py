"""The notation of a crafted case: flows, and a segment a line.

    # What the case shows, in a sentence.
    flow 10.0.0.1:40000 > 10.0.0.2:80 isn=1000,5000
    0    >  S   0   0  -
    20   <  S.  0   0  1
    20.1 >  .   1   0  1
    21   >  P.  1  16  1  "GET / HTTP/1.0\r\n"
    21.1 =  ttl=63

The columns are milliseconds, direction, tcpdump's flags, sequence number, payload octets and
acknowledgment number (`-`: none); numbers are relative to the initial ones, as tcpdump prints
them. Options follow: `ttl=`, `id=`, `win=`, `ts=VALUE,ECHO`, `snap=` (octets kept of the frame),
`stamp=` (milliseconds that the file says instead), and the payload's text in quotes, which zeros
follow. `=` repeats the frame before it, changed by its options.

A flow's `times=N every=MS port+=K address+=K isn+=K` repeat it from other ports, client addresses
and initial numbers; `ttl=C,S` and `id=C,S` begin either side's. `clock MS SHIFT` shifts all stamps
from a time on.
"""

import itertools
import re
import shlex
from dataclasses import dataclass, field, replace
from fractions import Fraction
from ipaddress import IPv4Address

_FLOW = re.compile(r"flow (\S+):(\d+) > (\S+):(\d+)((?: \S+)*)$")
_FLAGS = {"F": 0x01, "S": 0x02, "R": 0x04, "P": 0x08, ".": 0x10, "U": 0x20}


class NotationError(Exception):
    """A line that is none of the notation."""


@dataclass(frozen=True)
class Frame:
    """One captured segment; `at` orders the file, `stamp` is what the file says (milliseconds)."""

    at: Fraction
    source: tuple[IPv4Address, int]
    destination: tuple[IPv4Address, int]
    flags: int
    sequence: int
    acknowledgment: int
    payload: bytes
    ttl: int
    identification: int
    window: int
    timestamps: tuple[int, int] | None = None
    snap: int = 256
    stamp: Fraction | None = None


@dataclass
class _Flow:
    """The lines of a flow, and what its head says."""

    ends: tuple[tuple[IPv4Address, int], tuple[IPv4Address, int]]
    options: dict[str, str]
    lines: list[tuple[int, list[str]]] = field(default_factory=list)

    def pair(self, name: str, default: str) -> tuple[int, int]:
        first, second = self.options.get(name, default).split(",")
        return int(first), int(second)


def purpose(text: str) -> str:
    """What a case shows: the comment that it opens with."""
    lines = itertools.takewhile(lambda line: line.startswith("#"), text.splitlines())
    return " ".join(line.removeprefix("#").strip() for line in lines)


def parse(text: str) -> list[Frame]:
    """The frames of a case in the order of the file."""
    flows: list[_Flow] = []
    clock: list[tuple[Fraction, Fraction]] = []
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        try:
            if line.startswith("clock "):
                _, since, shift = line.split()
                clock.append((Fraction(since), Fraction(shift)))
            elif line.startswith("flow "):
                flows.append(_head(line))
            else:
                flows[-1].lines.append((number, shlex.split(line, posix=False)))
        except (ValueError, IndexError, AttributeError) as error:
            raise NotationError(f"line {number}: {error}: {line}") from error
    frames = [frame for flow in flows for frame in _repeated(flow)]
    frames.sort(key=lambda frame: frame.at)
    return [replace(frame, stamp=_stamp(frame, clock)) for frame in frames]


def _stamp(frame: Frame, clock: list[tuple[Fraction, Fraction]]) -> Fraction:
    if frame.stamp is not None:
        return frame.stamp
    return frame.at + sum(shift for since, shift in clock if frame.at >= since)


def _head(line: str) -> _Flow:
    client, client_port, server, server_port, rest = _FLOW.match(line).groups()
    options = dict(word.split("=", 1) for word in rest.split())
    unknown = options.keys() - {"isn", "isn+", "times", "every", "port+", "address+", "ttl", "id"}
    if unknown:
        raise ValueError(f"no option of a flow: {sorted(unknown)}")
    return _Flow(((IPv4Address(client), int(client_port)),
                  (IPv4Address(server), int(server_port))), options)


def _repeated(flow: _Flow) -> list[Frame]:
    """The frames of a flow, as often as its head says."""
    options = flow.options
    found = []
    for turn in range(int(options.get("times", 1))):
        (address, port), server = flow.ends
        client = (address + turn * int(options.get("address+", 0)),
                  port + turn * int(options.get("port+", 0)))
        step = turn * int(options.get("isn+", 100_003))
        initial = [number + step for number in flow.pair("isn", "1000000,5000000")]
        found += _frames(flow, (client, server), initial,
                         turn * Fraction(options.get("every", 0)))
    return found


def _frames(flow: _Flow, ends, initial: list[int], delay: Fraction) -> list[Frame]:
    identification = list(flow.pair("id", "1,1001"))
    ttl = flow.pair("ttl", "64,57")
    found: list[Frame] = []
    for number, words in flow.lines:
        try:
            if words[1] == "=":
                found.append(_changed(found[-1], Fraction(words[0]) + delay, words[2:], delay))
                continue
            side = "><".index(words[1])
            frame = _segment(words, side, ends, initial, ttl[side], identification[side], delay)
            identification[side] += 1
            found.append(_changed(frame, frame.at, words[6:], delay))
        except (ValueError, IndexError, KeyError) as error:
            raise NotationError(f"line {number}: {error}") from error
    return found


def _segment(words: list[str], side: int, ends, initial: list[int], ttl: int,
             identification: int, delay: Fraction) -> Frame:
    at, _, flags, sequence, length, acknowledgment = words[:6]
    acknowledged = 0 if acknowledgment == "-" else initial[1 - side] + int(acknowledgment)
    return Frame(
        at=Fraction(at) + delay, source=ends[side], destination=ends[1 - side],
        flags=sum(_FLAGS[flag] for flag in flags), sequence=(initial[side] + int(sequence)) % 2**32,
        acknowledgment=acknowledged % 2**32, payload=bytes(int(length)), ttl=ttl,
        identification=identification % 2**16, window=64240)


def _changed(frame: Frame, at: Fraction, options: list[str], delay: Fraction) -> Frame:
    frame = replace(frame, at=at)
    for option in options:
        if option.startswith('"'):
            text = option[1:-1].encode().decode("unicode_escape").encode()
            if len(text) > len(frame.payload):
                raise ValueError(f"a text of {len(text)} octets in {len(frame.payload)}")
            frame = replace(frame, payload=text.ljust(len(frame.payload), b"\0"))
            continue
        name, value = option.split("=")
        if name == "ttl":
            frame = replace(frame, ttl=int(value))
        elif name == "id":
            frame = replace(frame, identification=int(value))
        elif name == "win":
            frame = replace(frame, window=int(value))
        elif name == "snap":
            frame = replace(frame, snap=int(value))
        elif name == "stamp":
            frame = replace(frame, stamp=Fraction(value) + delay)
        elif name == "ts":
            made, echo = value.split(",")
            frame = replace(frame, timestamps=(int(made), int(echo)))
        else:
            raise ValueError(f"no option: {option}")
    return frame
