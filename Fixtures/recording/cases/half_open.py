"""One side has closed, the other has not: half-close, orphans, CLOSE-WAIT."""

import socket
import time

from recording.case import ACTIVE, ORPHAN, PASSIVE, Case, Host, read_all
from recording.cases.basic import close_at_one_client

_FIVE_SECONDS = (("net.ipv4.tcp_fin_timeout", "5"),)


def _close_at(seconds: float, last_words: bytes = b""):
    """A server that closes, after data if given, long after the client."""
    def program(host: Host) -> None:
        connection = host.accept()
        connection.sendall(connection.recv(100).upper())
        host.at(seconds)
        with host.failing(connection):
            if last_words:
                connection.sendall(last_words)
                time.sleep(0.1)
                connection.sendall(last_words)
        connection.close()
    return program


def _shut_down(close_at: float | None):
    """A client that shuts down at one second, then reads to the end or closes at a time."""
    def program(host: Host) -> None:
        connection = host.connect()
        connection.sendall(b"question")
        connection.recv(100)
        host.at(1.0)
        connection.shutdown(socket.SHUT_WR)
        if close_at:
            host.at(close_at)
        else:
            read_all(connection)
        connection.close()
    return program


CASES = [
    Case("orphan-expired-then-fin", "FIN-WAIT-2 of a closed socket runs out after 5 s; the "
         "peer's FIN meets a RST.", close_at_one_client, _close_at(8.0),
         ((ORPHAN, PASSIVE),), settings=_FIVE_SECONDS),
    Case("orphan-expired-then-data", "FIN-WAIT-2 of a closed socket runs out after 5 s; the "
         "peer's data meets a RST.", close_at_one_client, _close_at(8.0, b"too late"),
         ((ORPHAN, "CLOSE-WAIT CLOSED"),), settings=_FIVE_SECONDS),
    Case("orphan-expired-60", "FIN-WAIT-2 of a closed socket runs out after the default of 60 s.",
         close_at_one_client, _close_at(65.0), ((ORPHAN, PASSIVE),)),
    Case("orphan-expired-90", "tcp_fin_timeout=90 makes FIN-WAIT-2 of a closed socket no longer.",
         close_at_one_client, _close_at(95.0), ((ORPHAN, PASSIVE),),
         settings=(("net.ipv4.tcp_fin_timeout", "90"),)),
    Case("orphan-fin-in-time", "The peer closes after 30 s of FIN-WAIT-2: TIME-WAIT, in full.",
         close_at_one_client, _close_at(31.0), ((ACTIVE, PASSIVE),)),
    Case("half-close-over-60", "FIN-WAIT-2 after shutdown has no limit: data and FIN at 70 s.",
         _shut_down(None), _close_at(71.0, b"patience pays\n"), ((ACTIVE, PASSIVE),)),
    Case("shutdown-then-close", "shutdown, a second later close, a second later the peer's FIN.",
         _shut_down(2.0), _close_at(3.0), ((ACTIVE, PASSIVE),)),
    Case("close-wait-leak", "The server forgets to close for 15 s.",
         _shut_down(None), _close_at(16.0), ((ACTIVE, PASSIVE),)),
]
