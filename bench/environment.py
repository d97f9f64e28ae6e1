"""The peers' own environment in bench/.venv, so that otpapp depends on none of them."""

import shutil
import subprocess
import sys

from bench.contenders import HERE

WANTED = HERE / "requirements.txt"
VENV = HERE / ".venv"
MADE_FROM = VENV / "made-from.txt"


def make() -> None:
    """Make bench/.venv, unless it was made from the same requirements before."""
    if MADE_FROM.exists() and MADE_FROM.read_text() == WANTED.read_text():
        return
    print("Making bench/.venv for the peers ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    pip = [str(VENV / "bin" / "pip"), "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--requirement", str(WANTED)], check=True)
    shutil.copy(WANTED, MADE_FROM)


def pins() -> dict[str, str]:
    """Return the version of each package that the peers run on."""
    lines = (line.partition("#")[0].strip() for line in WANTED.read_text().splitlines())
    pairs = (line.partition("==") for line in lines if line)
    return {name.partition("[")[0]: version for name, _, version in pairs}
