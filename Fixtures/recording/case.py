"""What a case is, and what its two programs can do."""

import errno
import multiprocessing
import os
import signal
import socket
import struct
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass

from recording import network, priority
from recording.relay import Fault

SERVER_PORT = 80

_BIND_ADDRESS_NO_PORT = 24
_REPAIR, _REPAIR_QUEUE, _QUEUE_SEQUENCE = 19, 20, 21
_REPAIR_OFF, _SEND_QUEUE = -1, 2

# The paths of a side behind ESTABLISHED, as cases expect them.
ACTIVE = "FIN-WAIT-1 FIN-WAIT-2 TIME-WAIT CLOSED"
PASSIVE = "CLOSE-WAIT LAST-ACK CLOSED"
CROSSED = "FIN-WAIT-1 CLOSING TIME-WAIT CLOSED"
ABORTED = "CLOSED"
ORPHAN = "FIN-WAIT-1 FIN-WAIT-2 CLOSED"
OPEN = ""


@dataclass(frozen=True)
class Case:
    """One recording.

    `paths` are the states behind ESTABLISHED that client and server must go through, one pair for
    every flow or one for all: a recording that took another way is refused. `faults` makes the
    relay's faults anew; `delay` is one way, in seconds; `quiet` is how long nothing may be on the
    wire before the captures end; `cut` ends them at that second, whatever goes on.
    """

    name: str
    purpose: str
    client: Callable[["Host"], None]
    server: Callable[["Host"], None]
    paths: tuple[tuple[str, str], ...]
    faults: Callable[[], list[Fault]] = list
    settings: tuple[tuple[str, str], ...] = ()
    delay: float = 0.010
    quiet: float = 1.0
    cut: float | None = None
    family: int = 4
    loopback: bool = False


class Host:
    """A program's view of its side: an address, a clock, sockets."""

    def __init__(self, side: str, place: network.Network, start: float) -> None:
        other = "server" if side == "client" else "client"
        self.side = side
        self.family = place.family
        self.place = place
        self.address = place.addresses[side]
        self.peer = place.addresses[other]
        self._start = start
        self._errors = multiprocessing.SimpleQueue()

    def at(self, seconds: float) -> None:
        """Waits until that many seconds from the start of the case."""
        time.sleep(max(0.0, self._start + seconds - time.monotonic()))

    def listen(self, backlog: int = 16, *, receive_buffer: int | None = None,
               port: int = SERVER_PORT) -> socket.socket:
        listener = socket.socket(self.family)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if receive_buffer:
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        listener.bind((self.address, port))
        listener.listen(backlog)
        return listener

    def accept(self) -> socket.socket:
        """Takes the one connection of a case, and listens no more."""
        with self.listen() as listener:
            return listener.accept()[0]

    def open(self, port: int = 0, sequence: int | None = None) -> socket.socket:
        """A socket, bound where it must be; `sequence` is the number its SYN will have."""
        made = socket.socket(self.family)
        if sequence is not None:
            _choose_sequence(made, sequence)
        if port:
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if port or self.place.loopback:
            made.setsockopt(socket.IPPROTO_IP, _BIND_ADDRESS_NO_PORT, int(not port))
            made.bind((self.address, port))
        return made

    def connect(self, port: int = 0, sequence: int | None = None) -> socket.socket:
        """Connects, from a port of its own if given; not before 0.2 s."""
        self.at(0.2)
        made = self.open(port, sequence)
        made.connect((self.peer, SERVER_PORT))
        return made

    @contextmanager
    def cut_off(self):
        """Lets nothing out to the peer while a block runs, as if this host were down."""
        network.ip("route", "add", "blackhole", self.peer)
        yield
        network.ip("route", "delete", "blackhole", self.peer)

    @contextmanager
    def failing(self, connection: socket.socket | None = None, errors: type = OSError):
        """Takes note of the error that a block ends with, and goes on behind it."""
        end = None
        if connection:
            name = connection.getsockname if self.side == "client" else connection.getpeername
            end = name()[:2]
        try:
            yield
        except errors as error:
            self._errors.put((self.side, time.time_ns(), end, _name(error)))

    def errors(self) -> list:
        """What the program took note of, read by its parent."""
        found = []
        while not self._errors.empty():
            found.append(self._errors.get())
        return found

    def run(self, program: Callable[["Host"], None]) -> multiprocessing.Process:
        """Starts a program in a process of its own inside this side's namespace."""
        process = multiprocessing.Process(target=self._run, args=(program,), daemon=True)
        process.start()
        return process

    def _run(self, program: Callable[["Host"], None]) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        priority.take(priority.PROGRAM)
        network.enter(self.place.namespaces[self.side])
        program(self)


def _choose_sequence(unconnected: socket.socket, number: int) -> None:
    """Sets the initial sequence number, which only a socket under repair lets itself be given."""
    unconnected.setsockopt(socket.IPPROTO_TCP, _REPAIR, 1)
    unconnected.setsockopt(socket.IPPROTO_TCP, _REPAIR_QUEUE, _SEND_QUEUE)
    unconnected.setsockopt(socket.IPPROTO_TCP, _QUEUE_SEQUENCE, struct.pack("I", number))
    unconnected.setsockopt(socket.IPPROTO_TCP, _REPAIR, _REPAIR_OFF)


def _name(error: Exception) -> str:
    """The errno's name, or for a library's own exception that one's."""
    return errno.errorcode.get(getattr(error, "errno", None) or 0, type(error).__name__)


def read_all(connection: socket.socket) -> bytes:
    """Reads to the end of the stream."""
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    return b"".join(parts)


def abort(connection: socket.socket) -> None:
    """Closes with SO_LINGER 0: a RST, whatever the state."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


def die() -> None:
    """Ends the program as `kill -9` does: the kernel closes what it had open."""
    os.kill(os.getpid(), signal.SIGKILL)
