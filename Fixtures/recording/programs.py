"""The HTTP libraries the cases run, in the versions they were recorded with."""

import os
import subprocess
import sys
from pathlib import Path

_PACKAGES = ("requests==2.32.3", "urllib3==2.2.3", "certifi==2024.8.30", "idna==3.10",
             "charset-normalizer==3.4.0")


def _environment() -> Path:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return cache / "tcpclose" / "record"


def install() -> None:
    """Makes the virtual environment if it is not there with these versions."""
    environment, wanted = _environment(), "\n".join(_PACKAGES)
    stamp = environment / "packages"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    subprocess.run([sys.executable, "-m", "venv", "--clear", environment], check=True)
    subprocess.run([environment / "bin" / "pip", "install", "--quiet", *_PACKAGES], check=True)
    stamp.write_text(wanted)


def use() -> None:
    """Makes the libraries importable in the calling process."""
    sys.path[:0] = [str(path) for path in _environment().glob("lib/python3*/site-packages")]
