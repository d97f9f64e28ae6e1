"""What the rules choose from, and what they have in common."""

import sys
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant

from tests.hold.machine import backstage
from tests.hold.machine.compare import Comparer, try_door
from tests.hold.machine.model.budgets import DAY, EARLY
from tests.hold.machine.model.factors import App
from tests.hold.machine.model.holders import Pending, Session
from tests.hold.machine.model.people import SAME_CODE_WHILE, Challenge, User
from tests.hold.machine.seat import Seat
from tests.hold.machine.world import NETWORKS, PEOPLE, World

SECOND = timedelta(seconds=1)
ALICE, BO = USERS = tuple(person.address for person in PEOPLE)
ADDRESSES = st.sampled_from([ALICE, ALICE, BO, "carol@example.org", "alice+tag@example.org"])
SEATS = st.integers(0, len(NETWORKS) - 1)
WHICH = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5, 8])  # counted from the newest
TYPED = st.sampled_from(["right", "right", "wrong", "another's"])
SECONDS = st.sampled_from(
    ["app", "app", "next step", "last step", "wrong", "another's", "paper", "paper", "used", "none"]
)
METHODS = st.sampled_from(["counter", "counter", "time"])
SOON = ["now", "in 30 s", "in 2 min", "in 2 min", "when it may", "a little early", "too early"]
ENDS = ["with 3 minutes left", "a second later", "a second before the end", "at the end"]


class Base(RuleBasedStateMachine):
    """A world, and a comparison after every step."""

    def __init__(self, world: World) -> None:
        super().__init__()
        self.world = world
        self.cookies: list[tuple] = []
        self.forms = 0
        self.is_all_different = True
        self._comparer = Comparer(world)

    @invariant()
    def the_product_is_as_the_model_says(self):
        self._comparer.compare(everywhere=self.is_all_different)
        self.is_all_different = False

    def teardown(self):
        if sys.exc_info()[0] is None:
            for session in self.world.keys:
                try_door(self.world, session)
            self._comparer.compare(everywhere=True)
        backstage.stop(self.world)

    def wait(
        self, when: str, may: datetime | None = None, code: Challenge | Pending | None = None
    ) -> None:
        """Let time pass; `may` is when a limit lets it be, `code` whose end may be waited for."""
        now = self.world.now
        may = may or now
        moments = {
            "now": now,
            "in 30 s": now + 30 * SECOND,
            "in 2 min": now + 120 * SECOND,
            "when it may": may,
            "a little early": may - EARLY,
            "too early": may - EARLY - SECOND,
        }
        if code:
            moments |= {
                "with 3 minutes left": code.expires - SAME_CODE_WHILE,
                "a second later": code.expires - SAME_CODE_WHILE + SECOND,
                "a second before the end": code.expires - SECOND,
                "at the end": code.expires,
            }
        moment = moments.get(when, now)
        if moment < now + 1000 * DAY:
            self.world.come_to(moment)

    def held(self) -> list[tuple[Seat, str, Challenge]]:
        """Return what the browsers hold: where, its reference and the challenge."""
        held = [(seat, *pair) for seat in self.world.seats for pair in seat.jar.held.items()]
        return sorted(held, key=lambda one: one[2].made)

    def provers(self) -> list[tuple[Seat, Pending | Session]]:
        """Return where a second proof may be given, and for what; sign-ins under way come last."""
        seats = self.world.seats
        stepping = [(seat, seat.jar.opens) for seat in seats if seat.jar.opens]
        return stepping + [(seat, seat.jar.pending) for seat in seats if seat.jar.pending]

    def open_sessions(self) -> list[Session]:
        """Return the sessions that let somebody in."""
        return [one for one in self.world.keys if one.is_open(self.world.now)]

    def typed(self, challenge: Challenge, kind: str, other: int = 0) -> str:
        """Return a code to type for `challenge`."""
        if kind == "right":
            return challenge.code
        if kind == "another's":
            return pick(self.world.site.challenges, other).code
        return f"{(int(challenge.code) + 1) % 10**challenge.digits:0{challenge.digits}}"


def second(user: User, others: User, kind: str, now: datetime) -> tuple[str, str]:
    """Return a factor, and what to type for it."""
    app, paper = user.app or App(b"an app of nobody"), user.paper
    if kind in ("paper", "used", "none"):
        codes = {"paper": paper.left, "used": paper.used}.get(kind)
        return "recovery", codes[0] if codes else "0000-0000-0000-0000"
    if kind == "another's":
        return "totp", (others.app or app).code(now)
    if kind == "wrong":
        return "totp", app.wrong(now)
    return "totp", app.code(now, {"next step": 1, "last step": -1}.get(kind, 0))


def pick(things, which: int) -> Any:
    """Return one of the things, counted from the newest."""
    things = list(things)
    return things[-1 - which % len(things)]
