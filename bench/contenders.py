"""Who is measured: how each app is run, and which forms lead into it."""

import re
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PEERS_BIN = HERE / ".venv" / "bin"
OURS = "otpapp"


@dataclass(frozen=True)
class Contender:
    """One app: `environ` may name {port}, {smtp} and {database}; `prepare` may name {users}."""

    name: str
    target: str
    prepare: tuple[str, ...]
    environ: Mapping[str, str]
    entry: str
    ask: str
    identifier: str
    answer: str
    code: str
    code_in_mail: re.Pattern[bytes]
    ask_fields: Mapping[str, str] = field(default_factory=dict)
    bin: Path = PEERS_BIN
    folder: Path = HERE / "peers"


OTPAPP = Contender(
    name=OURS,
    bin=Path(sys.executable).parent,
    folder=ROOT,
    target="wsgi:app",
    prepare=("-m", "bench.seed", "{users}"),
    environ={
        "OTPAPP_SECRET_KEY": "a secret of the benchmark, long enough 0123456789",
        "OTPAPP_PUBLIC_URL": "http://127.0.0.1:{port}",
        "OTPAPP_DATABASE_URL": "sqlite:///{database}",
        "OTPAPP_SIGN_UP": "open",
        "OTPAPP_MAIL_SERVER": "127.0.0.1",
        "OTPAPP_MAIL_PORT": "{smtp}",
        "OTPAPP_MAIL_DEFAULT_SENDER": "codes@example.org",
        # One client asks for everybody here; no real address asks as often.
        "OTPAPP_LIMIT_SENDS_PER_IP": "1000000",
        "OTPAPP_LIMIT_SENDS_PER_SITE": "1000000",
        "OTPAPP_LIMIT_FAILURES_PER_IP": "1000000",
    },
    entry="/sign-in",
    ask="/sign-in",
    identifier="identifier",
    ask_fields={"stay": "once"},
    answer="/sign-in/code",
    code="code",
    code_in_mail=re.compile(rb"([0-9]{6}) is your"),
)


def peers() -> list[Contender]:
    """Return the peers, each by its own recipe for codes by mail."""
    return [
        _flask_security("Flask-Security-Too", tuned=""),
        _flask_security("Flask-Security-Too, tuned", tuned="yes"),
        _allauth(),
    ]


def address_of(index: int) -> str:
    """Return the address of the user with this number, the same in every database."""
    return f"user{index:05}@example.org"


def _flask_security(name: str, tuned: str) -> Contender:
    return Contender(
        name=name,
        target="flask_security_app:app",
        prepare=("-c", "import flask_security_app as it; it.prepare({users})"),
        environ={"BENCH_DATABASE": "{database}", "BENCH_SMTP": "{smtp}", "BENCH_TUNED": tuned},
        entry="/us-signin",
        ask="/us-signin/send-code",
        identifier="identity",
        ask_fields={"chosen_method": "email", "submit_send_code": "Send Code"},
        answer="/us-signin",
        code="passcode",
        code_in_mail=re.compile(rb"following code: ([0-9]{6})"),
    )


def _allauth() -> Contender:
    return Contender(
        name="django-allauth, tuned",
        target="allauth_app:app",
        prepare=("-c", "import allauth_app as it; it.prepare({users})"),
        environ={"BENCH_DATABASE": "{database}", "BENCH_SMTP": "{smtp}"},
        entry="/accounts/login/code/",
        ask="/accounts/login/code/",
        identifier="email",
        answer="/accounts/login/code/confirm/",
        code="code",
        code_in_mail=re.compile(rb"\n([A-Z0-9]{4}-[A-Z0-9]{4})\r?\n"),
    )
