"""Many connections: ports and TIME-WAIT buckets run out."""

import threading
import time

from recording.case import ACTIVE, PASSIVE, Case, Host, read_all

_THREADS = 10


def _open_and_close(host: Host, times: int) -> None:
    for _ in range(times):
        with host.open() as connection:
            connection.connect((host.peer, 80))
            connection.recv(100)


def _burst(times: int, threads: int = 1):
    """A client that closes many connections first."""
    def program(host: Host) -> None:
        host.at(0.2)
        workers = [threading.Thread(target=_open_and_close, args=(host, times // threads))
                   for _ in range(threads)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
    return program


def _greet(connection) -> None:
    with connection:
        connection.sendall(b"hello\n")
        read_all(connection)


def _greet_all(times: int):
    def program(host: Host) -> None:
        with host.listen(backlog=128) as listener:
            workers = []
            for _ in range(times):
                workers.append(threading.Thread(target=_greet, args=(listener.accept()[0],)))
                workers[-1].start()
            for worker in workers:
                worker.join()
    return program


def _exhaust(host: Host) -> None:
    """Connects until there is no port, then tries every half second until there is one."""
    host.at(0.2)
    connected = 0
    while connected < 51:
        with host.open() as connection:
            try:
                connection.connect((host.peer, 80))
            except OSError:
                time.sleep(0.5)
                continue
            connected += 1
            connection.recv(100)


CASES = [
    Case("burst", "200 connections in a second or two: 200 TIME-WAITs at the client.",
         _burst(200, _THREADS), _greet_all(200), ((ACTIVE, PASSIVE),)),
    Case("port-exhaustion", "50 ports: the 51st connection must wait for the first TIME-WAITs.",
         _exhaust, _greet_all(51), ((ACTIVE, PASSIVE),),
         settings=(("net.ipv4.ip_local_port_range", "40000 40049"),
                   ("net.ipv4.tcp_tw_reuse", "0"))),
]
