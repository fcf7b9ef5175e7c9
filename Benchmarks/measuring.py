"""What the programs that measure tcpclose share: building, making captures, running, counting.

Times come from runs of a program as a user runs it; instructions and allocations from valgrind,
whose counts do not depend on what else the machine does.
"""

import functools
import os
import pathlib
import re
import resource
import shlex
import subprocess
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent

# The option of `read` that keeps everything on one thread.
ONE_THREAD = "--one-thread"


class CannotMeasure(Exception):
    """Why there is nothing to report."""


def output(command, **how):
    """What a command prints; its standard error passes through."""
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=False, **how)
    if done.returncode != 0:
        raise CannotMeasure(f"{shlex.join(map(str, command))} ended with {done.returncode}")
    return done.stdout.strip()


def built(configuration="release", product=None):
    """The folder of this package's programs, built now: all of them, or one."""
    swift = ["swift", "build", "--package-path", HERE, "-c", configuration]
    if product:
        swift += ["--product", product]
    log = subprocess.run(swift, capture_output=True, text=True, check=False)
    if log.returncode != 0:
        raise CannotMeasure(f"the benchmarks do not build:\n{log.stdout}{log.stderr}")
    return HERE / ".build" / configuration


def tcpclose_binary():
    """The binary that TCPCLOSE names in the environment, or one built now."""
    named = os.environ.get("TCPCLOSE")
    return str(pathlib.Path(named).resolve()) if named else output(
        [HERE.parent / "Scripts" / "build"])


@functools.cache
def knows_one_thread(binary):
    """Whether this tcpclose can be kept to one thread."""
    return ONE_THREAD in output([binary, "read", "--help"])


def cache():
    """The folder that keeps captures from one run to the next."""
    home = os.environ.get("XDG_CACHE_HOME") or pathlib.Path.home() / ".cache"
    folder = pathlib.Path(home) / "tcpclose"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def generate(path, options, programs):
    """Writes the capture that these options of `generate` describe, whole or not at all."""
    unfinished = path.with_suffix(f".{os.getpid()}")
    try:
        output([programs / "generate", unfinished, *options.split()])
        unfinished.rename(path)
    finally:
        unfinished.unlink(missing_ok=True)


def run(command):
    """Runs a command: its seconds by the clock and on the processors, its peak in KiB, and what it
    printed, if anybody wants that.
    """
    def processor_seconds():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime

    with tempfile.TemporaryDirectory() as home, tempfile.TemporaryFile("w+") as peak:
        # Nobody's preferences: other tools look for theirs at home.
        environment = {**os.environ, "HOME": home, "XDG_CONFIG_HOME": home, "LC_ALL": "C.UTF-8"}
        # A child's peak begins with that of the process it was forked from, which would be
        # Python's own: GNU time stands between because it is small.
        timed = ["/usr/bin/time", "-f", "%M", "-o", f"/dev/fd/{peak.fileno()}", *command]
        # What header-walk prints is read; the millions of lines of other tools go nowhere.
        sink = subprocess.PIPE if command[0].endswith("header-walk") else subprocess.DEVNULL
        before, start = processor_seconds(), time.monotonic()
        done = subprocess.run(timed, stdout=sink, stderr=subprocess.PIPE, text=True, check=False,
                              env=environment, pass_fds=[peak.fileno()])
        elapsed = time.monotonic() - start
        if done.returncode != 0:
            raise CannotMeasure(f"{shlex.join(command)}: {done.stderr.strip()}")
        peak.seek(0)
        return (elapsed, processor_seconds() - before, int(peak.read().split()[-1]),
                done.stdout or "")


def valgrind(tool, options, command, folder):
    """What valgrind says about a run of a command in a folder."""
    # An environment of its own and hashing without a random seed: else no two runs are alike.
    environment = {"PATH": os.defpath, "LC_ALL": "C", "SWIFT_DETERMINISTIC_HASHING": "1"}
    try:
        done = subprocess.run(
            ["valgrind", f"--tool={tool}", *options, *command], cwd=folder, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False)
    except FileNotFoundError:
        raise CannotMeasure("valgrind is not on the path: Scripts/bootstrap installs it") from None
    if done.returncode != 0:
        raise CannotMeasure(f"valgrind {shlex.join(command)}: {done.stderr.strip()}")
    return done.stderr


def instructions(command, folder):
    """How many instructions a command executes, run in a folder, by callgrind."""
    said = valgrind("callgrind", ["--callgrind-out-file=/dev/null"], command, folder)
    return int(found(r"Collected : (\d+)", said))


def allocations(command, folder):
    """How many blocks of heap a command asks for, run in a folder, by memcheck."""
    # Nothing but the count is asked of memcheck.
    said = valgrind("memcheck", ["--leak-check=no", "--undef-value-errors=no"], command, folder)
    return int(found(r"total heap usage: ([\d,]+) allocs", said).replace(",", ""))


def found(pattern, text):
    match = re.search(pattern, text)
    if not match:
        raise CannotMeasure(f"nothing like {pattern} in:\n{text}")
    return match.group(1)
