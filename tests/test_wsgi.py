"""A server with bad settings does not start, and says why without a trace."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_bad_settings_end_in_a_list_of_faults():
    environ = {name: text for name, text in os.environ.items() if not name.startswith("OTPAPP_")}
    environ["OTPAPP_SEKRET_KEY"] = "misspelt"
    ended = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, env=environ, text=True, capture_output=True
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("otpapp cannot start:")
    assert "OTPAPP_SEKRET_KEY is not a setting" in ended.stderr
    assert "OTPAPP_PUBLIC_URL is missing" in ended.stderr
    assert "Traceback" not in ended.stderr
