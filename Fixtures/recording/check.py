"""What a recording must satisfy before it becomes a fixture."""

import json
from pathlib import Path

from recording import schema
from recording.account import Evidence
from recording.case import Case

SCHEMA = Path(__file__).resolve().parent.parent / "truth.schema.json"

_HANDSHAKE = ("SYN-SENT", "SYN-RECEIVED", "ESTABLISHED")


class CheckError(Exception):
    """A recording that is not what its case says."""


def recording(case: Case, truth: dict, evidence: Evidence) -> None:
    """Checks the schema, the order of stamps, the path taken, and that the captures show it."""
    problems = [*schema.violations(truth, json.loads(SCHEMA.read_text()))]
    problems += _order(truth) + _paths(case, truth) + _on_the_wire(truth, evidence)
    if problems:
        raise CheckError("\n".join(f"{case.name}: {problem}" for problem in problems))


def _order(truth: dict) -> list[str]:
    found = []
    for number, flow in enumerate(truth["flows"]):
        for side, account in flow["sides"].items():
            stamps = [entry["enteredAt"] for entry in account["states"] if entry["enteredAt"]]
            if stamps != sorted(stamps):
                found.append(f"flow {number}: the {side}'s stamps go back")
    return found


def path(flow: dict, side: str) -> str:
    """The states of a side behind ESTABLISHED, in a line."""
    return " ".join(entry["state"] for entry in flow["sides"][side]["states"]
                    if entry["state"] not in _HANDSHAKE)


def _paths(case: Case, truth: dict) -> list[str]:
    taken = [(path(flow, "client"), path(flow, "server")) for flow in truth["flows"]]
    expected = list(case.paths)
    if len(expected) == 1:
        expected *= max(1, len(taken))
    if taken == expected:
        return []
    return [f"took another way: {taken}, not {expected}"]


def _on_the_wire(truth: dict, evidence: Evidence) -> list[str]:
    """Every flow has its SYN in the client's capture, and every SYN there its flow."""
    told = {frozenset((flow["client"]["port"], flow["server"]["port"]))
            for flow in truth["flows"]}
    seen = {frozenset((segment.source[1], segment.destination[1]))
            for _, segment in evidence.captures["client"] if segment.syn}
    return [] if told == seen else [f"the SYNs on the wire have no flow, or flows no SYN: "
                                    f"{sorted(map(sorted, told ^ seen))}"]
