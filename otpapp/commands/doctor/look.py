"""One app under examination: what is known of it, and what it answers."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from urllib.parse import quote

from otpapp.commands.doctor.line import PAGE, Heard, Line, NotReachedError
from otpapp.rules.gate import deciding, wanted
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.deciding import Answer
from otpapp.rules.gate.rules import ANYONE
from otpapp.settings import Settings
from otpapp.web.gate import examining, snippets
from otpapp.web.gate.asked import START

FORGED = "forged-by-flask-doctor"
FORGED_ADDRESS = "203.0.113.77"  # RFC 5737: of documentation
REAL = (*examining.DOCTOR, *snippets.OF_PROXY)
PROBE = "X_Otpapp_Probe"
CHECK = 'in "location = /.otpapp/check" write: '
THEIRS = "theirs=1"  # a cookie of the app's own


@dataclass
class Look:
    """An app, the line to it, and the settings that the server runs with."""

    plan: Plan
    line: Line
    settings: Settings
    now: datetime

    @property
    def origin(self) -> str:
        """Where people open it."""
        return self.plan.origin

    @property
    def id(self) -> str:
        """What stands before each of its names in the proxy."""
        return snippets.id_of(self.plan.name)

    @property
    def proof(self) -> str:
        """What lets us look, for the next minute."""
        return examining.prove(self.origin, self.settings)

    @cached_property
    def proxy(self) -> str:
        """The kind of proxy in front of the app, as far as it says so."""
        return self.line.ask(examining.AS_APP).proxy

    @property
    def anew(self) -> str:
        """What is to be done where no one line is to blame, or none that we know."""
        kind = self.proxy or "|".join(snippets.KINDS)
        return (
            f"write the configuration anew: flask apps snippet {self.plan.name} --for {kind}, "
            "and have the proxy read it"
        )

    def by_line(self, line: str) -> str:
        """Return what is to be done: this, which holds for nginx, or the same for other proxies."""
        return line if self.proxy == "nginx" else self.anew

    @cached_property
    def is_asked(self) -> bool:
        """Whether the gate is asked before anybody stands there; read before an answer is kept."""
        return not self.line.ask(examining.AS_APP, {**PAGE, examining.HEADER: self.proof}).is_yes

    @cached_property
    def as_app(self) -> Heard:
        """The answer where we stand in place of the app, with all that could be forged."""
        cookie = f"{examining.COOKIE}={self.proof}; otpapp-gate=x; {THEIRS}"
        return self.line.ask(examining.AS_APP, self._forged() | {"Cookie": cookie})

    @cached_property
    def disguised(self) -> Heard | None:
        """The same with names that many servers take for others; None where no answer comes."""
        names = [each for one in REAL for each in snippets.look_alikes(one)]
        cookie = f"{examining.COOKIE}={self.proof}"
        headers = {**PAGE, examining.HEADER: self.proof, "Cookie": cookie}
        with suppress(NotReachedError):
            return self.line.ask(examining.AS_APP, headers, before=dict.fromkeys(names, FORGED))
        return None

    @cached_property
    def as_page(self) -> Heard:
        """The answer where the gate's own pages are."""
        return self.line.ask(examining.AS_PAGE, self._forged())

    @cached_property
    def closed(self) -> list[str]:
        """The paths of rules that nobody passes who is not signed in, percent-encoded."""
        return [
            one for one in (quote(rule.path) for rule in self.plan.rules) if self._is_closed(one)
        ]

    @cached_property
    def open(self) -> list[str]:
        """The paths of rules that anybody passes, percent-encoded."""
        return [quote(rule.path) for rule in self.plan.rules if ANYONE in rule.allow]

    def leads_to_sign_in(self, heard: Heard) -> bool:
        """Say whether this answer has somebody sign in to this app."""
        return heard.location.startswith(self.origin + START)

    def _is_closed(self, path: str) -> bool:
        found = wanted.read(self.origin + path)
        rules = self.plan.rules
        answer = found and deciding.decide(rules, found, None, self.settings, self.now).answer
        return answer is Answer.SIGN_IN

    def _forged(self) -> dict[str, str]:
        names = dict.fromkeys(examining.DOCTOR, FORGED)
        return {
            **PAGE,
            **names,
            "X-Forwarded-For": FORGED_ADDRESS,
            PROBE: FORGED,
            examining.HEADER: self.proof,
        }
