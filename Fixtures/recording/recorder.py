"""Records one case: network, relay, captures, programs, account, and the files they make."""

import json
import multiprocessing
import platform
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

from recording import account, check
from recording.case import Case, Host
from recording.listing import Listing
from recording.network import Network
from recording.relay import Relay
from recording.segments import read_capture
from recording.tracing import read_log

_POLL, _POLL_LATER = 0.005, 0.010
_LONGEST = 600.0
# The reader of the tracepoints is at most this far behind.
_TRACE_LAG = 0.5
_FILTER = "tcp or icmp or (icmp6 and ip6[40] < 128)"


class RecordingError(Exception):
    """A case that did not record as it should."""


def record(case: Case, number: int, prefix: str, trace: Path | None, folder: Path) -> None:
    """Records a case into `folder`; `number` makes its addresses its own."""
    place = Network(f"{prefix}-{case.name}", number, family=case.family, loopback=case.loopback)
    with tempfile.TemporaryDirectory(prefix="tcpclose-record-") as scratch:
        running = _Running(case, place, Path(scratch))
        try:
            place.up(dict(case.settings))
            running.start()
            running.observe()
            evidence = running.evidence(trace)
        finally:
            running.stop()
            place.down()
        truth = _truth(case, running.listing.resolution, trace is not None,
                       account.flows(evidence))
        check.recording(case, truth, evidence)
        folder.mkdir(parents=True, exist_ok=True)
        for capture in Path(scratch).glob("*.pcap"):
            shutil.copyfile(capture, folder / capture.name)
        (folder / "truth.json").write_text(_render(truth) + "\n")


class _Running:
    """The processes of a case while it is on."""

    def __init__(self, case: Case, place: Network, scratch: Path) -> None:
        self._case, self._place, self._scratch = case, place, scratch
        self._relay: Relay | None = None
        self._captures: list[subprocess.Popen] = []
        self._programs: list[multiprocessing.Process] = []
        self._hosts: list[Host] = []
        self._resets: list[tuple[str, int]] = []
        self._started = 0
        self.listing: Listing

    def start(self) -> None:
        case, place = self._case, self._place
        self.listing = Listing(place)
        for side in ("client",) if place.loopback else ("client", "server"):
            self._captures.append(self._capture(side))
        for capture in self._captures:
            if b"listening" not in (line := capture.stderr.readline()):
                raise RecordingError(f"{case.name}: tcpdump: {line.decode().strip()}")
        start = time.monotonic()
        self._started = time.time_ns()
        if not place.loopback:
            self._relay = Relay(place.namespaces["relay"], case.delay, case.faults(), start)
        self._hosts = [Host(side, place, start) for side in ("client", "server")]
        for host, program in zip(self._hosts, (case.client, case.server)):
            self._programs.append(host.run(program))

    def _capture(self, side: str) -> subprocess.Popen:
        return subprocess.Popen(
            ["ip", "netns", "exec", self._place.namespaces[side], "tcpdump",
             "-i", self._place.interface, "-w", self._scratch / f"{side}.pcap", "-s", "256",
             "--time-stamp-precision=nano", "-U", "--immediate-mode", "-Z", "root", _FILTER],
            stderr=subprocess.PIPE)

    def observe(self) -> None:
        """Keeps the account until no socket is left; ends the captures when the wire is quiet."""
        begun = quiet_since = time.monotonic()
        while time.monotonic() - begun < _LONGEST:
            self.listing.poll()
            now = time.monotonic()
            alive = any(program.is_alive() for program in self._programs)
            if alive or self.listing.open_sockets:
                quiet_since = now
            wire = self._relay.quiet_for if self._relay else now - quiet_since
            is_cut = self._case.cut is not None and now - begun > self._case.cut
            if self._captures and (is_cut or min(now - quiet_since, wire) > self._case.quiet):
                self._end_captures()
            if not (alive or self._captures or self.listing.open_sockets
                    or self.listing.mini_sockets):
                return
            time.sleep(_POLL if self._captures else _POLL_LATER)
        raise RecordingError(f"{self._case.name}: not over after {_LONGEST:.0f} s")

    def evidence(self, trace: Path | None) -> account.Evidence:
        """What was recorded, once all is over."""
        for host, program in zip(self._hosts, self._programs):
            program.join()
            if program.exitcode not in (0, -signal.SIGKILL):
                raise RecordingError(f"{self._case.name}: the {host.side}'s program failed")
        if self._relay:
            if self._relay.idle_faults:
                raise RecordingError(f"{self._case.name}: a fault of the wire did not happen")
            self._resets = self._relay.stop()
        if trace:
            time.sleep(_TRACE_LAG)
        return account.Evidence(
            addresses=self._place.addresses,
            events=read_log(trace) if trace else [],
            history=self.listing.history,
            delivered_resets=self._resets,
            errors=[error for host in self._hosts for error in host.errors()],
            captures={path.stem: read_capture(path) for path in self._scratch.glob("*.pcap")},
            started=self._started)

    def _end_captures(self) -> None:
        for capture in self._captures:
            capture.send_signal(signal.SIGINT)
        for capture in self._captures:
            capture.communicate()
        self._captures = []

    def stop(self) -> None:
        """Ends whatever still runs."""
        self._end_captures()
        for program in self._programs:
            program.kill()
            program.join()
        if self._relay:
            self._relay.stop()


def _truth(case: Case, resolution: int, traced: bool, flows: list[dict]) -> dict:
    return {
        "schema": "tcpclose.truth/1",
        "case": case.name,
        "purpose": case.purpose,
        "kernel": platform.release(),
        "account": "tracepoints+sock_diag" if traced else "sock_diag",
        "resolution": {"states": 1000 if traced else resolution, "timeWait": resolution},
        "settings": dict(case.settings),
        "roundTrip": 0 if case.loopback else round(2 * case.delay, 6),
        "flows": flows,
    }


def _render(value, depth: int = 0) -> str:
    """JSON that reads well: what fits on a line stays on one."""
    line = json.dumps(value, ensure_ascii=False)
    if len(line) + depth <= 100 or not isinstance(value, dict | list) or not value:
        return line
    pad = " " * (depth + 2)
    if isinstance(value, dict):
        parts = [f"{json.dumps(key)}: {_render(part, depth + 2)}" for key, part in value.items()]
        opening, closing = "{", "}"
    else:
        parts, opening, closing = [_render(part, depth + 2) for part in value], "[", "]"
    return opening + "\n" + ",\n".join(pad + part for part in parts) + "\n" + " " * depth + closing
