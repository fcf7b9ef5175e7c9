"""Who goes first on a busy machine: the wire, then those who watch it, then the programs."""

import os
from contextlib import suppress

WIRE, ACCOUNT, PROGRAM = 30, 20, 10


def take(level: int) -> None:
    """Gives the calling process a real-time priority, which its children inherit."""
    with suppress(PermissionError):
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(level))
