"""An authenticator app that is not ours: Debian's oathtool computes its codes."""

import subprocess
from datetime import datetime


def app_code(key: str, at: datetime, *, digits: int = 6, algorithm: str = "SHA1") -> str:
    """Return the code that an app with `key`, in base32, shows at this instant."""
    return _oathtool(
        f"--totp={algorithm.lower()}",
        "--base32",
        f"--digits={digits}",
        f"--now={at:%Y-%m-%d %H:%M:%S} UTC",
        key.replace(" ", ""),
    )


def token_code(key: str, counter: int, *, digits: int = 6) -> str:
    """Return the code of a token with `key`, in base32, that was pressed `counter` times before."""
    return _oathtool(
        "--hotp", "--base32", f"--digits={digits}", f"--counter={counter}", key.replace(" ", "")
    )


def _oathtool(*options: str) -> str:
    done = subprocess.run(["oathtool", *options], check=True, capture_output=True, text=True)
    return done.stdout.strip()
