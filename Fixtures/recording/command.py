"""The command: which cases, how many at a time, and that nothing stays behind."""

import argparse
import fcntl
import fnmatch
import multiprocessing
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from recording import cases, priority, programs, recorder
from recording.case import Case
from recording.check import CheckError
from recording.tracing import Tracing

FIXTURES = Path(__file__).resolve().parent.parent
LOCK = Path(tempfile.gettempdir()) / "tcpclose-record.lock"


def main() -> int:
    options = _options()
    chosen = _choose(options.case)
    if options.list:
        for case in chosen:
            print(f"{case.name:32} {case.purpose}")
        return 0
    if os.geteuid() != 0:
        print("record: needs root, for namespaces and tracepoints", file=sys.stderr)
        return 1
    with LOCK.open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("record: another recording is on; they would share addresses", file=sys.stderr)
            return 1
        return _record(chosen, options)


def _record(chosen: list[Case], options: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, _interrupt)
    programs.install()
    priority.take(priority.ACCOUNT)
    prefix = f"tcpclose-{os.getpid()}"
    with tempfile.TemporaryDirectory(prefix="tcpclose-record-") as scratch:
        tracing = None
        if not options.no_tracepoints and Tracing.available():
            tracing = Tracing(prefix, Path(scratch) / "events")
        try:
            if tracing:
                tracing.start()
            return _record_all(chosen, prefix, tracing, options)
        except KeyboardInterrupt:
            return 130
        finally:
            if tracing:
                tracing.stop()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="record", description="Records fixtures: captures at both ends and the truth.")
    parser.add_argument("case", nargs="*", help="names or patterns; all cases if none is given")
    parser.add_argument("-j", "--jobs", type=int, default=6, help="cases at a time (6)")
    parser.add_argument("-o", "--output", type=Path, default=FIXTURES,
                        help="the folder that gets a folder for every case")
    parser.add_argument("--list", action="store_true", help="list the cases instead")
    parser.add_argument("--no-tracepoints", action="store_true",
                        help="take the account from sock_diag alone")
    return parser.parse_args()


def _choose(patterns: list[str]) -> list[Case]:
    chosen = [case for case in cases.ALL
              if not patterns or any(fnmatch.fnmatch(case.name, p) for p in patterns)]
    for pattern in patterns:
        if not any(fnmatch.fnmatch(case.name, pattern) for case in cases.ALL):
            sys.exit(f"record: no case {pattern}; --list shows them")
    return chosen


def _interrupt(*_) -> None:
    raise KeyboardInterrupt


def _record_all(chosen: list[Case], prefix: str, tracing: Tracing | None,
                options: argparse.Namespace) -> int:
    waiting, running, failed = list(chosen), {}, []
    try:
        while waiting or running:
            while waiting and len(running) < options.jobs:
                case = waiting.pop(0)
                number = cases.ALL.index(case) + 1
                log = tracing.log if tracing else None
                worker = multiprocessing.Process(
                    target=_record_one, args=(case, number, prefix, log, options.output))
                worker.start()
                running[worker] = case
            time.sleep(0.1)
            for worker in [worker for worker in running if not worker.is_alive()]:
                case = running.pop(worker)
                if worker.exitcode:
                    failed.append(case.name)
                print(f"{'FAILED' if worker.exitcode else 'ok':6} {case.name}", flush=True)
    finally:
        for worker in running:
            worker.terminate()
        for worker in running:
            worker.join()
    if failed:
        print(f"record: failed: {' '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _record_one(case: Case, number: int, prefix: str, log: Path | None, output: Path) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        recorder.record(case, number, prefix, log, output / case.name)
    except (CheckError, recorder.RecordingError) as error:
        print(f"record: {error}", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
