"""Cases that look much like others and end otherwise."""

from recording.case import ABORTED, ACTIVE, PASSIVE, Case, Host, abort, read_all
from recording.cases.basic import answer_until_closed, ask_and_close
from recording.cases.http import silent_listener
from recording.cases.opening import connecting
from recording.relay import Fault

_PORT = 40000
_SECOND_TRY = ((ABORTED, ""), (ACTIVE, PASSIVE))


def _syn_ack(segment) -> bool:
    return segment.syn_ack


def _come_back_from_the_dead(host: Host) -> None:
    """Its host goes down without a word, is up again, and uses the same port."""
    connection = host.connect(_PORT)
    connection.recv(100)
    host.at(1.0)
    with host.cut_off():
        abort(connection)
    host.at(2.0)
    with host.open(_PORT) as connection:
        connection.connect((host.peer, 80))
        connection.recv(100)


def _greet_and_wait(host: Host) -> None:
    """Greets two clients and waits for each to close; the first never does."""
    with host.listen() as listener:
        first = listener.accept()[0]
        first.sendall(b"hello\n")
        with first, host.failing(first):
            first.recv(100)
        with listener.accept()[0] as second:
            second.sendall(b"hello\n")
            read_all(second)


def _try_again(at: float, patience: float | None = None):
    """Tries to connect in vain, and at its second try asks and closes."""
    def program(host: Host) -> None:
        connecting(patience)(host)
        host.at(at)
        ask_and_close(host)
    return program


def _answer_again(listener) -> None:
    with listener.accept()[0] as connection:
        connection.sendall(connection.recv(100).upper())
        read_all(connection)


CASES = [
    Case("half-open-refusal", "The client's host restarted and uses the same port: its SYN meets "
         "the old, open connection, an ACK and a RST, then the SYN again.",
         _come_back_from_the_dead, _greet_and_wait, ((ABORTED, ABORTED), (ACTIVE, PASSIVE))),
    Case("syn-ack-late", "The SYN-ACK comes 0.9 s late; the client still waits for it.",
         ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("server", _syn_ack, delay=0.9)]),
    Case("late-syn-ack-in-time-wait", "A late copy of the SYN-ACK is answered by TIME-WAIT; the "
         "RST that comes back ends it.", ask_and_close, answer_until_closed, ((ACTIVE, PASSIVE),),
         faults=lambda: [Fault("server", _syn_ack, copy_after=3.0)]),
    Case("connect-retried", "The application gives up connecting after 5 s; a second try succeeds.",
         _try_again(9.0, 5.0), silent_listener(7.0, _answer_again), _SECOND_TRY),
    Case("connect-retried-kernel", "The kernel gives up connecting after its whole schedule of "
         "SYNs; a second try succeeds.", _try_again(150.0), silent_listener(145.0, _answer_again),
         _SECOND_TRY),
]
