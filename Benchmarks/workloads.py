"""What Benchmarks/compare can measure: captures, programs, and which of them go together."""

import re

import measuring

# Options of `generate`. Their text is part of a capture's name: change one, and it is made anew.
CAPTURES = {
    "header-only": "--flows 300000 --packets 15 --payload 512 --snap 96 --open 5000 --gap 30",
    "header-only-x5": "--flows 1500000 --packets 15 --payload 512 --snap 96 --open 5000 --gap 30",
    "full-packets": "--flows 30000 --packets 60 --payload 1448 --snap 262144 --open 5000 --gap 30",
    "many-open": "--flows 900000 --packets 15 --payload 512 --snap 96 --open 600000 --gap 30",
    "million-flows": "--flows 1000000 --packets 15 --payload 512 --snap 96 --open 5000 --gap 30",
    "two-million": "--flows 100000 --packets 20 --payload 512 --snap 96 --open 5000 --gap 30",
    "established-few": "--flows 5000 --packets 15 --open 5000 --established --gap 30",
    "established-many": "--flows 600000 --packets 15 --open 600000 --established --gap 30",
    # For valgrind, which needs fifty times as long.
    "short": "--flows 4000 --packets 15 --open 500 --gap 3000",
    "short-x5": "--flows 20000 --packets 15 --open 500 --gap 3000",
}


def option(name, capture):
    """The number that a capture's options give for this one."""
    return int(re.search(rf"--{name} (\d+)", CAPTURES[capture]).group(1))


# A row's name, and what it runs: {tcpclose} is the binary, {programs} where this package's programs
# lie, {scratch} a file that goes away. Add a row here; a tool is left out where it is missing.
FLOOR, OURS = "libpcap-loop", "tcpclose"
PROGRAMS = {
    FLOOR: "{programs}/libpcap-loop",
    "header-walk": "{programs}/header-walk",
    OURS: "{tcpclose} read --summary",
    "one thread": "{tcpclose} read --summary " + measuring.ONE_THREAD,
    "jsonl": "{tcpclose} read --format jsonl -o {scratch}",
    "brief": "{tcpclose} read --format brief -o {scratch}",
    "argus": "argus -X -w - -r",
    "tcptrace": "tcptrace -n",
    "tshark": "tshark -n -q -z conv,tcp -r",
}
SLOW = ("argus", "tcptrace", "tshark")

# The captures of a workload, and what is run on each.
READING = (FLOOR, "header-walk", OURS, "one thread")
WORKLOADS = {
    "header-only": (["header-only"], READING),
    "full-packets": (["full-packets"], READING),
    "formats": (["million-flows"], (FLOOR, OURS, "jsonl", "brief")),
    "tools": (["two-million"], (FLOOR, OURS, "one thread", *SLOW)),
    "longer": (["header-only", "header-only-x5"], (FLOOR, OURS)),
    "many-open": (["header-only", "many-open"], (FLOOR, OURS)),
    "established": (["established-few", "established-many"], (FLOOR, OURS)),
}
