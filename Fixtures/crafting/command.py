"""The command: which cases, and whether the captures are still those of their notation."""

import argparse
import fnmatch
import sys
from pathlib import Path

from crafting import notation, pcap

CASES = Path(__file__).resolve().parent.parent / "crafted"


def main() -> int:
    options = _options()
    stale = []
    for file in sorted(CASES.glob("*.segments")):
        if options.case and not any(fnmatch.fnmatch(file.stem, p) for p in options.case):
            continue
        text = file.read_text()
        if options.list:
            print(f"{file.stem:32} {notation.purpose(text)}")
            continue
        try:
            octets = pcap.capture(notation.parse(text))
        except notation.NotationError as error:
            print(f"craft: {file.name}: {error}", file=sys.stderr)
            return 1
        written = file.with_suffix(".pcap")
        if options.check:
            if not written.exists() or written.read_bytes() != octets:
                stale.append(file.stem)
        else:
            written.write_bytes(octets)
    if stale:
        print(f"craft: not what the notation says: {' '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="craft", description="Writes crafted/*.pcap from crafted/*.segments.")
    parser.add_argument("case", nargs="*", help="names or patterns; all cases if none is given")
    parser.add_argument("--check", action="store_true",
                        help="write nothing; fail if a capture is not what its notation says")
    parser.add_argument("--list", action="store_true", help="list the cases instead")
    return parser.parse_args()
