"""The examples of docs/api.md work against the real server, as they are written."""

import json
import re
import shlex
import shutil
import subprocess
import sys
import time

from tests.helpers.served import ROOT, Served, served

DOC = (ROOT / "docs" / "api.md").read_text()
DOC_URL = "http://127.0.0.1:5000"
CONSOLE = re.findall(r"^\$ (.+)\n(\{.*)?", DOC, re.MULTILINE)
BLOCKS = "".join(re.findall(r"```python\n(.*?)```", DOC, re.DOTALL))
PROGRAM, TIME_BASED = re.split(r"(?<=\n)(?=import requests)", BLOCKS)


def test_the_curl_commands_give_the_answers_shown(tmp_path):
    assert shutil.which("curl"), "curl is not installed (apt-get install curl)"
    with served(tmp_path) as server:
        real = {DOC_URL: server.url}
        wait_for_a_whole_step()
        for command, shown in CONSOLE:
            answer = subprocess.check_output(
                shlex.split(in_place(command, real)), text=True, cwd=tmp_path
            )
            if not shown:
                assert answer == ""
                continue
            expected, got = json.loads(shown), json.loads(answer)
            assert shape(got) == shape(expected), command
            real |= {expected[name]: got[name] for name in ("OTP", "token") if name in expected}
    assert len(CONSOLE) == 8
    assert json.loads((tmp_path / "openapi.json").read_text())["paths"]


def test_the_program_signs_in_where_answers_show_the_code(tmp_path):
    with served(tmp_path) as server:
        ran = start(server).communicate(timeout=30)
        wait_for_a_whole_step()
        time_based = start(server, TIME_BASED).communicate(timeout=30)
    bob = "{'address': 'bob@example.org', 'channel': 'email'}"
    assert ran == (f"200 ACCEPTED\n[{bob}]\n204\n3.1.0\n", "")
    assert time_based == ("ACCEPTED\n", "")


def test_the_program_signs_in_in_production_with_the_code_from_the_mail(tmp_path, mailbox):
    production = {
        "OTPAPP_MODE": "production",
        "OTPAPP_SIGN_UP": "open",
        "OTPAPP_MAIL_SERVER": "127.0.0.1",
        "OTPAPP_MAIL_PORT": str(mailbox.port),
        "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
    }
    with served(tmp_path, **production) as server:
        program = start(server)
        deadline = time.monotonic() + 20
        while not mailbox.mails and time.monotonic() < deadline:
            time.sleep(0.05)
        code = mailbox.code_for("bob@example.org")
        ran, faults = program.communicate(code + "\n", timeout=30)
        assert code not in server.log
    assert re.fullmatch(r"The code \(reference [A-Z]{3}\): 200 ACCEPTED\n.*\n204\n3.1.0\n", ran), (
        ran
    )
    assert faults == ""


def test_the_program_uses_nothing_but_requests():
    assert re.findall(r"^\s*(?:import|from) (\w+)", BLOCKS, re.MULTILINE) == ["requests"] * 2


def start(server: Served, program: str = PROGRAM) -> subprocess.Popen:
    """Start a program of the page against `server`."""
    pipe = subprocess.PIPE
    command = [sys.executable, "-c", in_place(program, {DOC_URL: server.url})]
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)


def in_place(text: str, real: dict[str, str]) -> str:
    """Put the values that were really returned in place of those that the page shows."""
    for shown, value in real.items():
        text = text.replace(shown, value)
    return text


def shape(answer: dict) -> dict:
    """Return what of an answer is the same each time."""
    return {
        name: re.sub(r"\.\d+", "", value)[-6:] if name.endswith("_at") else len(str(value))
        for name, value in answer.items()
    } | {name: answer[name] for name in ("verdict", "identifiers", "message") if name in answer}


def wait_for_a_whole_step() -> None:
    """The time-based example needs a few seconds of its step."""
    while time.time() % 50 > 40:
        time.sleep(0.2)
