"""The kernel's tracepoints, read in binary from a private tracefs instance.

The instance's clock is CLOCK_MONOTONIC; stamps are turned into CLOCK_REALTIME, the clock of
captures, when they are read. Decoded events go to a file, one JSON list a line, from which every
case takes its own.
"""

import json
import multiprocessing
import os
import re
import signal
import socket
import struct
import subprocess
import time
from pathlib import Path

from recording import priority

TRACEFS = Path("/sys/kernel/tracing")

_STATE, _RESET = "sock/inet_sock_set_state", "tcp/tcp_send_reset"
_START, _EXPIRE, _CANCEL = ("timer/timer_start", "timer/timer_expire_entry", "timer/timer_cancel")
_TIMER_KINDS = {_START: "start", _EXPIRE: "expire", _CANCEL: "cancel"}
_PADDING, _EXTEND, _STAMP = 29, 30, 31
_STAMP_HIGH = 0x1F << 59
_BUFFER_KB = 4096
_PERIOD = 0.05


class _Format:
    """Where the fields of an event lie, and the words for its last enumeration."""

    def __init__(self, text: str) -> None:
        self.id = int(re.search(r"^ID: (\d+)", text, re.M).group(1))
        self.fields = {
            name: (int(offset), int(size)) for name, offset, size in
            re.findall(r"field:[^;]*?(\w+)(?:\[\d+\])?;\s*offset:(\d+);\s*size:(\d+);", text)}
        tail = text.rsplit("__print_symbolic", 1)[-1]
        self.words = dict((int(n), w) for n, w in re.findall(r'\{ (\d+), "(\w+)" \}', tail))

    def octets(self, record: bytes, name: str) -> bytes:
        offset, size = self.fields[name]
        return record[offset:offset + size]

    def integer(self, record: bytes, name: str) -> int:
        return int.from_bytes(self.octets(record, name), "little")


def _records(page: bytes):
    """The records of a ring buffer page: (stamp in nanoseconds, payload)."""
    stamp, commit = struct.unpack_from("<QQ", page)
    offset, end = 16, 16 + (commit & 0xFFFFF)
    while offset < end:
        header, extra = struct.unpack_from("<II", page.ljust(offset + 8, b"\0"), offset)
        kind, delta = header & 31, header >> 5
        if kind == _PADDING:
            if delta == 0:
                return
            offset += extra + 4
        elif kind == _EXTEND:
            stamp += (extra << 27) + delta
            offset += 8
        elif kind == _STAMP:
            stamp = (stamp & _STAMP_HIGH) | (extra << 27) + delta
            offset += 8
        else:
            stamp += delta
            start, size = (offset + 4, kind * 4) if kind else (offset + 8, extra - 4)
            yield stamp, page[start:start + size]
            offset = start + size


def _sockaddr(octets: bytes) -> list:
    family, port = struct.unpack_from("<H", octets)[0], struct.unpack_from("!H", octets, 2)[0]
    if family == socket.AF_INET6:
        return [socket.inet_ntop(family, octets[8:24]), port]
    return [socket.inet_ntop(socket.AF_INET, octets[4:8]), port]


class Tracing:
    """A tracefs instance and the process that drains it into a file."""

    def __init__(self, name: str, log: Path) -> None:
        self.log = log
        self._instance = TRACEFS / "instances" / name
        self._formats: dict[str, _Format] = {}
        self._process: multiprocessing.Process | None = None
        self._time_wait_timers: set[int] = set()

    @staticmethod
    def available() -> bool:
        """Whether there is a tracefs, mounted here if it was not, with what is needed."""
        if not (TRACEFS / "events").exists():
            subprocess.run(["mount", "-t", "tracefs", "nodev", TRACEFS], capture_output=True)
        return all((TRACEFS / "events" / event / "format").exists()
                   for event in (_STATE, _RESET, *_TIMER_KINDS))

    def start(self) -> None:
        self._instance.mkdir()
        self._write("trace_clock", "mono")
        self._write("buffer_size_kb", str(_BUFFER_KB))
        handler = _symbol("tw_timer_handler")
        for event in (_START, _EXPIRE):
            self._write(f"events/{event}/filter", f"function == {handler:#x}")
        for event in (_STATE, _RESET, *_TIMER_KINDS):
            path = self._instance / "events" / event
            self._formats[event] = _Format((path / "format").read_text())
            self._write(f"events/{event}/enable", "1")
        self.log.touch()
        self._process = multiprocessing.Process(target=self._drain_for_ever, daemon=True)
        self._process.start()

    def stop(self) -> None:
        """Ends the process and removes the instance."""
        if self._process:
            self._process.kill()
            self._process.join()
        if self._instance.exists():
            self._instance.rmdir()

    def _write(self, name: str, value: str) -> None:
        (self._instance / name).write_text(value)

    def _drain_for_ever(self) -> None:
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        priority.take(priority.WIRE)
        by_id = {form.id: (event, form) for event, form in self._formats.items()}
        files = [(cpu, os.open(path / "trace_pipe_raw", os.O_RDONLY | os.O_NONBLOCK))
                 for cpu, path in enumerate(sorted((self._instance / "per_cpu").iterdir()))]
        with self.log.open("w") as log:
            while True:
                events = self._drain(files, by_id)
                for event in sorted(events):
                    log.write(json.dumps(event) + "\n")
                log.flush()
                time.sleep(_PERIOD)

    def _drain(self, files, by_id) -> list[list]:
        events = []
        to_real = _real_minus_monotonic()
        for cpu, file in files:
            while page := _read(file):
                for stamp, record in _records(page):
                    event, form = by_id.get(int.from_bytes(record[:2], "little"), (None, None))
                    if event:
                        events.append([stamp + to_real, cpu, *_decode(event, form, record)])
        for event in events:
            if event[2] == "start":
                self._time_wait_timers.add(event[3])
        return [e for e in events if e[2] != "cancel" or e[3] in self._time_wait_timers]


def _decode(event: str, form: _Format, record: bytes) -> list:
    """What an event says, after its stamp and CPU: a kind, then what belongs to it."""
    if event == _RESET:
        return ["reset", _sockaddr(form.octets(record, "saddr")),
                _sockaddr(form.octets(record, "daddr")),
                form.words.get(form.integer(record, "reason"), "UNKNOWN")]
    if event != _STATE:
        return [_TIMER_KINDS[event], form.integer(record, "timer")]
    family = form.integer(record, "family")
    suffix = "_v6" if family == socket.AF_INET6 else ""
    local, remote = ([socket.inet_ntop(family, form.octets(record, address + suffix)),
                      form.integer(record, port)]
                     for address, port in (("saddr", "sport"), ("daddr", "dport")))
    return ["state", form.integer(record, "skaddr"), form.integer(record, "oldstate"),
            form.integer(record, "newstate"), local, remote]


def _real_minus_monotonic() -> int:
    """The difference of the two clocks, from the tightest of a few readings."""
    readings = []
    for _ in range(5):
        before, real, after = time.monotonic_ns(), time.time_ns(), time.monotonic_ns()
        readings.append((after - before, real - (before + after) // 2))
    return min(readings)[1]


def _read(file: int) -> bytes:
    try:
        return os.read(file, 65536)
    except BlockingIOError:
        return b""


def _symbol(name: str) -> int:
    with open("/proc/kallsyms") as symbols:
        for line in symbols:
            address, _, symbol, *_ = line.split()
            if symbol == name:
                return int(address, 16)
    raise RuntimeError(f"the kernel has no {name}")


def read_log(path: Path) -> list[list]:
    """The whole lines of a log of events, in order of time."""
    text = path.read_text()
    return sorted(json.loads(line) for line in text[:text.rfind("\n") + 1].splitlines())
