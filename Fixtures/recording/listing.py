"""What sock_diag says of a case's sockets over time, kept as changes."""

import time
from dataclasses import dataclass

from recording.network import Network
from recording.sockdiag import Listed, SockDiag

Tuple4 = tuple[tuple[str, int], tuple[str, int]]

# A mini-socket's timer is told in milliseconds of a clock that ticks: less is noise. Once it is
# due it is told as 0 until the timer wheel gets there.
_RESTART = 30_000_000


@dataclass(frozen=True)
class Sighting:
    """From `at` on (nanoseconds) a socket is in `state`; None: it is gone.

    It changed after `after`, the poll before. `mini`: the socket is a mini-socket; `expires` is
    when its timer is due; `restarted`: the state is as before and the timer was set anew.
    """

    after: int
    at: int
    state: str | None
    mini: bool = False
    expires: int = 0
    restarted: bool = False


class Listing:
    """Polls both hosts; `history` is kept by (side, local and remote endpoint)."""

    def __init__(self, network: Network) -> None:
        self._network = network
        names = dict.fromkeys(network.namespaces[side] for side in ("client", "server"))
        self._diags = [SockDiag(name, network.family) for name in names]
        self._side = {address: side for side, address in network.addresses.items()}
        self._last: int | None = None
        self.history: dict[tuple[str, Tuple4], list[Sighting]] = {}
        self.open_sockets = self.mini_sockets = 0

    @property
    def resolution(self) -> int:
        """The longest time, in nanoseconds, in which a change that was noted can have happened."""
        return max((sighting.at - sighting.after for sightings in self.history.values()
                    for sighting in sightings), default=1)

    def close(self) -> None:
        for diag in self._diags:
            diag.close()

    def poll(self) -> None:
        """Looks once."""
        before = time.time_ns()
        self._last = self._last or before
        found = {}
        for diag in self._diags:
            for entry in diag.list():
                if entry.local[0] in self._side:
                    found[self._side[entry.local[0]], (entry.local, entry.remote)] = entry
        at = time.time_ns()
        for key in self.history.keys() | found.keys():
            self._note(key, found.get(key), at)
        self.mini_sockets = sum(entry.mini is not None for entry in found.values())
        self.open_sockets = len(found) - self.mini_sockets
        self._last = before

    def _note(self, key: tuple[str, Tuple4], entry: Listed | None, at: int) -> None:
        sightings = self.history.setdefault(key, [])
        last = sightings[-1] if sightings else Sighting(self._last, at, None)
        if entry is None:
            if last.state is not None:
                sightings.append(Sighting(self._last, at, None))
            return
        mini = entry.mini is not None
        expires = at + entry.mini * 1_000_000 if mini else 0
        same = last.state == entry.state and last.mini == mini
        if not same:
            sightings.append(Sighting(self._last, at, entry.state, mini, expires))
        elif entry.mini and expires - last.expires > _RESTART:
            sightings.append(Sighting(self._last, at, entry.state, mini, expires, True))
