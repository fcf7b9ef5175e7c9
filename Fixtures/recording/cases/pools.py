"""HTTP connections kept for later: who closes the idle ones, and who does not notice."""

import http.client
import threading
import time
from contextlib import ExitStack

from recording import programs
from recording.case import ACTIVE, ORPHAN, PASSIVE, Case, Host
from recording.cases.http import ANSWER, read_request, url

_BODY = b"Content-Length: 6\r\n\r\nhello\n"
_CLOSING_ANSWER = b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + _BODY
_TIMED_ANSWER = b"HTTP/1.1 200 OK\r\nKeep-Alive: timeout=5\r\n" + _BODY
_REQUEST = b"GET / HTTP/1.1\r\nHost: server\r\n\r\n"
_NEVER = 300.0


def _serve(connection, limit: float, answer: bytes) -> None:
    """Answers until the client closes, or has not asked for a time."""
    connection.settimeout(limit)
    with connection:
        try:
            while read_request(connection):
                connection.sendall(answer)
        except TimeoutError:
            return


def _idle_limits(*limits: float, answer: bytes = ANSWER):
    """A server whose connections have limits of their own, in the order in which they come."""
    def program(host: Host) -> None:
        workers = []
        with host.listen() as listener:
            for limit in limits:
                connection = listener.accept()[0]
                workers.append(threading.Thread(target=_serve, args=(connection, limit, answer)))
                workers[-1].start()
        for worker in workers:
            worker.join()
    return program


def _hold(host: Host, at: float, limit: float) -> None:
    """Asks once and keeps the connection for a time, or until the server closes it."""
    host.at(at)
    with host.open() as connection:
        connection.settimeout(limit)
        connection.connect((host.peer, 80))
        connection.sendall(_REQUEST)
        try:
            while connection.recv(4096):
                pass
        except TimeoutError:
            return


def _holders(*limits: float):
    """A client with as many connections, begun 0.3 s apart."""
    def program(host: Host) -> None:
        workers = [threading.Thread(target=_hold, args=(host, 0.2 + 0.3 * number, limit))
                   for number, limit in enumerate(limits)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return program


def _sessions(count: int, until: float):
    """Sessions of requests that ask once each and keep their connections to the end."""
    def program(host: Host) -> None:
        programs.use()
        import requests
        with ExitStack() as stack:
            for number in range(count):
                host.at(0.5 + 0.3 * number)
                session = stack.enter_context(requests.Session())
                session.get(url(host), timeout=(1, 2))
            host.at(until)
    return program


def _ask_to_close(host: Host) -> None:
    programs.use()
    import requests
    host.at(0.5)
    requests.get(url(host), timeout=(1, 2), headers={"Connection": "close"})


def _close_when_answered(host: Host) -> None:
    with host.accept() as connection:
        read_request(connection)
        connection.sendall(_CLOSING_ANSWER)


def _ask_on_a_stale_connection(host: Host) -> None:
    """http.client does not look whether the server has closed meanwhile."""
    host.at(0.2)
    connection = http.client.HTTPConnection(host.peer)
    connection.request("GET", "/")
    connection.getresponse().read()
    host.at(8.0)
    with host.failing():
        connection.request("GET", "/")
        connection.getresponse()
    connection.close()


def _give_up_reading(host: Host) -> None:
    programs.use()
    import requests
    host.at(0.5)
    with host.failing():
        requests.get(url(host), timeout=(1, 2))


def _never_answer(host: Host) -> None:
    with host.accept() as connection:
        read_request(connection)
        host.at(12.0)


def _answer_in_time(host: Host) -> None:
    """Answers after a second and a half, just before the client gives up."""
    with host.accept() as connection:
        read_request(connection)
        time.sleep(1.5)
        connection.sendall(ANSWER)
        while read_request(connection):
            pass


_BY_SERVER, _BY_CLIENT = (PASSIVE, ACTIVE), (ACTIVE, PASSIVE)

CASES = [
    Case("connection-close", "HTTP/1.1 with Connection: close: the server closes first.",
         _ask_to_close, _close_when_answered, (_BY_SERVER,)),
    Case("keep-alive-header", "Keep-Alive: timeout=5: the server closes four connections after 5 s "
         "of idleness; the client's pools notice at the end.",
         _sessions(4, 8.0), _idle_limits(5.0, 5.0, 5.0, 5.0, answer=_TIMED_ANSWER), (_BY_SERVER,)),
    Case("idle-limits-inverted", "The server closes idle connections after 5 s, the client after "
         "12 s: three each.", _holders(12, 12, 12, 12, 12, 12),
         _idle_limits(5, 5, 5, _NEVER, _NEVER, _NEVER), (_BY_SERVER,) * 3 + (_BY_CLIENT,) * 3),
    Case("idle-limits-in-order", "The client closes idle connections after 5 s, the server after "
         "12 s: three each.", _holders(5, 5, 5, _NEVER, _NEVER, _NEVER),
         _idle_limits(12, 12, 12, 12, 12, 12), (_BY_CLIENT,) * 3 + (_BY_SERVER,) * 3),
    Case("idle-closes-scattered", "The server closes four connections, each after another idle "
         "time.", _holders(*(_NEVER,) * 4), _idle_limits(1.0, 2.3, 4.1, 7.0), (_BY_SERVER,)),
    Case("client-never-notices", "The server closes after 60 s of idleness; the client's pool "
         "holds the connection for 15 s more.",
         _sessions(1, 75.5), _idle_limits(60.0), (_BY_SERVER,)),
    Case("stale-connection", "A request on a connection whose end the client had acknowledged "
         "seconds ago: a RST.", _ask_on_a_stale_connection, _idle_limits(5.0),
         ((PASSIVE, ORPHAN),)),
    Case("read-timeout-unanswered", "requests gives up reading after 2 s; no answer comes before "
         "the captures end.", _give_up_reading, _never_answer, (_BY_CLIENT,), cut=8.0),
    Case("read-in-time", "The answer comes 0.5 s before requests would have given up reading.",
         _give_up_reading, _answer_in_time, (_BY_CLIENT,)),
]
