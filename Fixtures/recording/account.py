"""The truth of a case: its flows, joined from the lives of both sides' sockets."""

from dataclasses import dataclass

from recording.lives import Life, TimeWait, follow_mini_socket, from_events, from_sightings
from recording.segments import Segment

# A RST ends a TIME-WAIT in the very softirq that delivers it: the relay's stamp is close.
_RESET_BEFORE, _RESET_AFTER = 5_000_000, 1_000_000
# How soon a new socket of the tuple shows after the TIME-WAIT that gave way to it.
_REUSE = 15_000_000
# How far the capture's stamp of a RST lies from the kernel's decision to send it.
_LEFT = 5_000_000


@dataclass
class Evidence:
    """All that was recorded.

    `errors`: side, time, the connection's endpoint at the client (None: the only one), name.
    """

    addresses: dict[str, str]
    events: list[list]
    history: dict
    delivered_resets: list[tuple[str, int]]
    errors: list[tuple[str, int, tuple[str, int] | None, str]]
    captures: dict[str, list[tuple[int, Segment]]]
    started: int

    def capture(self, side: str) -> list[tuple[int, Segment]]:
        """The capture at that side's end; over lo there is only one."""
        return self.captures.get(side) or self.captures["client"]


def flows(evidence: Evidence) -> list[dict]:
    """The flows of a case in order of their beginning, as truth.json holds them."""
    sides = {address: side for side, address in evidence.addresses.items()}
    events = [event for event in evidence.events if event[0] >= evidence.started]
    traced = from_events(events, sides)
    _follow(traced, events, evidence)
    listed = from_sightings(evidence.history, traced)
    _follow(listed, events, evidence)
    lives = traced + listed
    lives.sort(key=lambda life: life.born)
    answers = list(lives)
    found = []
    for index, client in enumerate(lives):
        if client not in answers or client.states[0][0] != "SYN-SENT":
            continue
        until = next((later.born for later in lives[index + 1:]
                      if later.key == client.key and later.states[0][0] == "SYN-SENT"), None)
        server = next((life for life in answers[answers.index(client) + 1:]
                       if (life.local, life.remote) == (client.remote, client.local)
                       and (until is None or life.born < until)), None)
        answers = [life for life in answers if life not in (client, server)]
        found.append(_flow(client, server, until, lives, evidence))
    return found


def _follow(lives: list[Life], events: list[list], evidence: Evidence) -> None:
    for life in lives:
        if life.mini_from is not None:
            follow_mini_socket(life, events, evidence.history.get(life.key, []))


def _flow(client: Life, server: Life | None, until: int | None, lives: list[Life],
          evidence: Evidence) -> dict:
    both = {"client": client, "server": server}
    span = (client.born, until or 2**63)
    flow = {
        "client": _endpoint(client.local),
        "server": _endpoint(client.remote),
        "opened": client.born,
        "closedBy": _closed_by(both, span, evidence),
        "sides": {side: {"states": [{"state": state, "enteredAt": at} for state, at in life.states]
                         if life else []} for side, life in both.items()},
        "timeWait": [_time_wait(side, life, stay, lives, evidence)
                     for side, life in both.items() if life for stay in life.time_wait],
        "resets": _resets(client, span, evidence),
    }
    errors = _errors(client, span, evidence)
    return flow | ({"error": errors} if errors else {})


def _endpoint(endpoint: tuple[str, int]) -> dict:
    return {"address": endpoint[0], "port": endpoint[1]}


def _closed_by(both: dict[str, Life | None], span: tuple[int, int],
               evidence: Evidence) -> str | None:
    active = [side for side, life in both.items()
              if life and life.entered("FIN-WAIT-1") and _sent_fin(side, life, span, evidence)]
    return "both" if len(active) == 2 else active[0] if active else None


def _sent_fin(side: str, life: Life, span: tuple[int, int], evidence: Evidence) -> bool:
    """Whether the capture at its own end shows a FIN of this socket."""
    return any(segment.fin and (segment.source, segment.destination) == (life.local, life.remote)
               and span[0] <= at < span[1] for at, segment in evidence.capture(side))


def _time_wait(side: str, life: Life, stay: TimeWait, lives: list[Life],
               evidence: Evidence) -> dict:
    if stay.left is None:
        ended = "recording-end"
    elif stay.expired:
        ended = "timer"
    elif any(to == side and stay.left - _RESET_BEFORE <= at <= stay.left + _RESET_AFTER
             for to, at in evidence.delivered_resets):
        ended = "reset"
    elif _taken_over(life, stay.left, lives, evidence):
        ended = "reuse"
    else:
        ended = "gone"
    return {"side": side, "enteredAt": stay.entered, "leftAt": stay.left,
            "restarts": stay.restarts, "endedBy": ended}


def _taken_over(life: Life, left: int, lives: list[Life], evidence: Evidence) -> bool:
    """Whether a new socket of the same tuple took a TIME-WAIT's place."""
    sightings = evidence.history.get(life.key, [])
    return any(other.key == life.key and abs(other.born - left) < _REUSE for other in lives
               if other is not life) or any(
        sighting.state in ("SYN-RECEIVED", "SYN-SENT") and abs(sighting.at - left) < _REUSE
        for sighting in sightings)


def _resets(client: Life, span: tuple[int, int], evidence: Evidence) -> list[dict]:
    """The RSTs that a kernel made and that left its host."""
    found = []
    for at, _, kind, *rest in evidence.events:
        if kind == "reset" and span[0] <= at < span[1]:
            ends = tuple(rest[0]), tuple(rest[1])
            if ends in ((client.local, client.remote), (client.remote, client.local)):
                side = "client" if ends[0] == client.local else "server"
                if any(segment.rst and (segment.source, segment.destination) == ends
                       and abs(stamp - at) < _LEFT for stamp, segment in evidence.capture(side)):
                    found.append({"side": side, "at": at, "reason": rest[2]})
    return found


def _errors(client: Life, span: tuple[int, int], evidence: Evidence) -> dict[str, str]:
    found = {}
    for side, at, endpoint, name in evidence.errors:
        if span[0] <= at < span[1] and endpoint in (None, client.local):
            found[side] = name
    return found
