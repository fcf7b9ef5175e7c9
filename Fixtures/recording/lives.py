"""The lives of kernel sockets: their states in order, from tracepoints or from listings alone."""

from dataclasses import dataclass, field

from recording.listing import Sighting, Tuple4
from recording.sockdiag import STATES

# A time-wait timer is started in the same breath in which the full socket is reported closed.
_SAME_BREATH = 200_000
# A request socket's child is born and established by the same segment.
_BIRTH = 1_000_000
# How long before it is listed a socket can have been there, or have gone.
_UNLISTED = 100_000_000


@dataclass(eq=False)
class Life:
    """One socket of a connection, mini-socket included; stamps are nanoseconds, None: not known."""

    side: str
    local: tuple[str, int]
    remote: tuple[str, int]
    states: list[tuple[str, int | None]]
    born: int
    timer: int | None = None
    mini_from: int | None = None
    ended: int | None = None
    time_wait: list["TimeWait"] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, Tuple4]:
        return self.side, (self.local, self.remote)

    def entered(self, state: str) -> int | None:
        """When it first entered a state."""
        return next((at for name, at in self.states if name == state), None)


@dataclass
class TimeWait:
    """One stay in TIME-WAIT; `left` is None if it was still on when the recording ended."""

    entered: int
    left: int | None = None
    restarts: int = 0
    expired: bool = False


def from_events(events: list[list], sides: dict[str, str]) -> list[Life]:
    """Lives from tracepoints; `sides` maps the addresses of the case to its sides."""
    open_lives: dict[int, Life] = {}
    found: list[Life] = []
    last_start: dict[int, tuple[int, int]] = {}
    for at, cpu, kind, *rest in events:
        if kind == "start":
            last_start[cpu] = (at, rest[0])
        if kind != "state":
            continue
        socket, old, new, local, remote = rest
        old, new = STATES[old], STATES[new]
        if new == "SYN-SENT" or (new == "SYN-RECEIVED" and old == "LISTEN"):
            open_lives[socket] = Life("", tuple(local), tuple(remote), [(new, at)], at)
            found.append(open_lives[socket])
            continue
        life = open_lives.get(socket)
        if life is None:
            continue
        if local[1] and remote[1]:
            life.local, life.remote = tuple(local), tuple(remote)
        if new == old:
            continue
        if new != "CLOSED":
            life.states.append((new, at))
            continue
        del open_lives[socket]
        started, timer = last_start.pop(cpu, (0, None))
        if old in ("FIN-WAIT-1", "FIN-WAIT-2", "CLOSING") and at - started < _SAME_BREATH:
            life.timer, life.mini_from = timer, at
        else:
            life.states.append((new, at))
            life.ended = at
    for life in found:
        life.side = sides.get(life.local[0], "")
        (first, born), *others = life.states
        if first == "SYN-RECEIVED" and others and others[0][1] - born < _BIRTH:
            life.states[0] = (first, None)
    return [life for life in found if life.side and life.local[1] and life.remote[0] in sides]


def from_sightings(history: dict[tuple[str, Tuple4], list[Sighting]],
                   traced: list[Life]) -> list[Life]:
    """Lives that only the listings show: all without tracepoints, else bare request sockets."""
    found = []
    for (side, (local, remote)), sightings in history.items():
        life = None
        for sighting in sightings:
            fresh = life is None or sighting.state == "SYN-SENT" or (
                sighting.state == "SYN-RECEIVED" and not sighting.restarted)
            if life and (fresh or sighting.state is None):
                life.ended = sighting.at
                life.states.append(("CLOSED", sighting.at))
                life = None
            if sighting.state is None:
                continue
            entered = None if sighting.state == "SYN-RECEIVED" else sighting.at
            if fresh:
                life = Life(side, local, remote, [(sighting.state, entered)], sighting.at)
                found.append(life)
            elif life.states[-1][0] != sighting.state:
                life.states.append((sighting.state, entered))
            if sighting.mini and life.mini_from is None:
                life.mini_from = sighting.at
    return [life for life in found if not any(_covers(other, life) for other in traced)]


def _covers(traced: Life, listed: Life) -> bool:
    """Whether a listed life is a traced one seen again, its request socket included."""
    if traced.key != listed.key:
        return False
    begins_before = listed.ended is None or traced.born <= listed.ended
    if listed.states[0][0] == "SYN-RECEIVED":
        return begins_before and traced.born >= listed.born - _UNLISTED
    return begins_before and (traced.ended is None or listed.born <= traced.ended + _UNLISTED)


def follow_mini_socket(life: Life, events: list[list], sightings: list[Sighting]) -> None:
    """Adds to a life what became of its mini-socket: TIME-WAIT, its restarts and its end."""
    timers = [(at, kind) for at, _, kind, *rest in events
              if rest[0] == life.timer and life.timer and at > life.mini_from]
    end, expired = _timer_end(timers)
    seen = _own_sightings(life, sightings, end)
    state = "FIN-WAIT-2"
    for index, sighting in enumerate(seen):
        if sighting.state is None or not sighting.mini:
            if end is None:
                end = sighting.at
                expired = end >= seen[index - 1].expires if index else False
            break
        if sighting.state == "TIME-WAIT" and state != "TIME-WAIT":
            state = "TIME-WAIT"
            entered = life.mini_from if index == 0 else _refined(sighting, timers)
            life.time_wait.append(TimeWait(entered))
            if life.states[-1][0] != "TIME-WAIT":
                life.states.append((state, entered))
        elif sighting.restarted and state == "TIME-WAIT":
            life.time_wait[-1].restarts += 1
    if end is not None:
        if life.states[-1][0] != "CLOSED":
            life.states.append(("CLOSED", end))
        life.ended = end
        for stay in life.time_wait:
            stay.left, stay.expired = end, expired


def _timer_end(timers: list[tuple[int, str]]) -> tuple[int | None, bool]:
    """When a timer ran out (True) or was taken off for good (False)."""
    for index, (at, kind) in enumerate(timers):
        following = timers[index + 1] if index + 1 < len(timers) else None
        soon = following and following[0] - at < _SAME_BREATH
        if kind == "expire":
            return at, True
        if kind == "cancel" and not (soon and following[1] in ("start", "expire")):
            return at, False
    return None, False


def _own_sightings(life: Life, sightings: list[Sighting], end: int | None) -> list[Sighting]:
    """The sightings of a life's mini-socket, and what took its place if its end is not known."""
    own = []
    for sighting in sightings:
        if sighting.at < life.mini_from or (not own and not sighting.mini):
            continue
        if end is not None and sighting.at > end:
            break
        own.append(sighting)
        if not sighting.mini:
            break
    return own


def _refined(sighting: Sighting, timers: list[tuple[int, str]]) -> int:
    """When a listed change happened: at the timer's start between two polls if there was one."""
    return next((at for at, kind in timers
                 if kind == "start" and sighting.after <= at <= sighting.at), sighting.at)
