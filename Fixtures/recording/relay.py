"""The wire between the hosts: forwards frames after a delay, and can fail on purpose."""

import heapq
import multiprocessing
import select
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from recording import network, priority, segments
from recording.segments import Segment

_ALL_PROTOCOLS = 3
_IGNORE_OUTGOING = 23
_PACKET = 263

Match = Callable[[Segment], bool]


@dataclass
class Fault:
    """What happens to the segments of one side that a predicate picks.

    Counted from 1, the segments `first` to `last` that match while `since <= t < until` (seconds
    from the start of the case) are the ones it happens to; the rest pass.
    """

    side: str
    match: Match
    lose: bool = False
    delay: float = 0.0
    copy_after: float | None = None
    forge: Callable[[bytes, Segment], bytes] | None = None
    reply: Callable[[bytes, Segment], bytes] | None = None
    first: int = 1
    last: int = 1
    since: float = 0.0
    until: float = float("inf")
    seen: int = field(default=0, init=False)

    @property
    def happened(self) -> bool:
        return self.seen >= self.first

    def takes(self, side: str, segment: Segment, elapsed: float) -> bool:
        """Whether it happens to this segment; counts it."""
        if side != self.side or not self.since <= elapsed < self.until or not self.match(segment):
            return False
        self.seen += 1
        return self.first <= self.seen <= self.last


def behind_own_fin(match: Match) -> Match:
    """Picks from the segments that stand behind their sender's FIN."""
    after = None

    def picked(segment: Segment) -> bool:
        nonlocal after
        if segment.fin:
            after = (segment.sequence + segment.length + 1) % 2**32
        return segment.sequence == after and match(segment)

    return picked


def always(side: str, match: Match, **what) -> Fault:
    """A fault that never ends by count."""
    return Fault(side, match, last=2**62, **what)


class Relay:
    """A process in the relay's namespace; the account asks it when a RST was delivered."""

    def __init__(self, namespace: str, delay: float, faults: list[Fault], start: float) -> None:
        self._delay, self._faults, self._start = delay, faults, start
        self._namespace = namespace
        self._quiet = multiprocessing.Value("d", time.monotonic())
        self._resets, self._report = multiprocessing.Pipe(duplex=False)
        self._idle_faults = multiprocessing.Value("i", len(faults))
        self._process = multiprocessing.Process(target=self._run, daemon=True)
        self._process.start()

    @property
    def quiet_for(self) -> float:
        """Seconds since the last frame was taken or handed on; below zero while one is held."""
        return time.monotonic() - self._quiet.value

    @property
    def idle_faults(self) -> int:
        """How many faults have not happened yet."""
        return self._idle_faults.value

    def stop(self) -> list[tuple[str, int]]:
        """Ends it; gives the side and the time (nanoseconds) of every RST it delivered."""
        delivered = []
        while self._resets.poll():
            delivered.append(self._resets.recv())
        self._process.kill()
        self._process.join()
        return delivered

    def _run(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        priority.take(priority.WIRE)
        network.enter(self._namespace)
        ports = {side: _port(side) for side in ("client", "server")}
        sides = {port.fileno(): side for side, port in ports.items()}
        poll = select.poll()
        for port in ports.values():
            poll.register(port, select.POLLIN)
        held: list[tuple[float, int, str, bytes]] = []
        count = 0
        while True:
            wait = max(0.0, held[0][0] - time.monotonic()) * 1000 if held else None
            for descriptor, _ in poll.poll(wait):
                side = sides[descriptor]
                frame = ports[side].recv(65536)
                for due, to, octets in self._decide(side, frame):
                    count += 1
                    heapq.heappush(held, (due, count, to, octets))
                    self._quiet.value = max(self._quiet.value, due)
            while held and held[0][0] <= time.monotonic():
                _, _, to, octets = heapq.heappop(held)
                self._deliver(ports[to], to, octets)

    def _deliver(self, port: socket.socket, side: str, frame: bytes) -> None:
        segment = segments.parse(frame)
        if segment and segment.rst:
            self._report.send((side, time.time_ns()))
        port.send(frame)

    def _decide(self, side: str, frame: bytes):
        """What becomes of a frame: (when, to which side, octets), none if it is lost."""
        now = time.monotonic()
        due = now + self._delay
        other = "server" if side == "client" else "client"
        segment = segments.parse(frame)
        taken = [f for f in self._faults if segment and f.takes(side, segment, now - self._start)]
        self._quiet.value = max(self._quiet.value, now)
        if taken:
            self._idle_faults.value = sum(not fault.happened for fault in self._faults)
        for fault in taken:
            due += fault.delay
            if fault.copy_after is not None:
                yield due + fault.copy_after, other, frame
            if fault.forge:
                yield due + 0.001, other, fault.forge(frame, segment)
            if fault.reply:
                yield now + self._delay, side, fault.reply(frame, segment)
        if not any(fault.lose for fault in taken):
            yield due, other, frame


def _port(interface: str) -> socket.socket:
    port = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(_ALL_PROTOCOLS))
    port.setsockopt(_PACKET, _IGNORE_OUTGOING, 1)
    port.bind((interface, 0))
    return port
