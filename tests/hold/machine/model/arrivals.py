"""What proofs lead to: sessions, sign-ins under way, or nothing yet; and the trail of it all."""

from collections.abc import Iterable
from datetime import datetime

from otpapp.rules.verdicts import Verdict
from tests.hold.machine.model.budgets import DAY, FREE, HOUR, Budgets, take_all
from tests.hold.machine.model.factors import MOST_TRIES, App, Paper, Proof
from tests.hold.machine.model.holders import SET_BACK, Pending, Session
from tests.hold.machine.model.people import Challenge, Known, User, Visitor

Arrived = Session | Pending | None
TRUSTED_FOR = 30 * DAY
LONGEST_WAIT_OF_NOTICES = HOUR + SET_BACK


class Arrivals:
    """Who is signed in, or on the way; `arrived` is where the newest accepted answer led."""

    def __init__(self, settings, users: Iterable[User]) -> None:
        self.settings = settings
        self.users = {user.address: user for user in users}
        self.sessions: list[Session] = []
        self.pendings: list[Pending] = []
        self.notices: list[datetime] = []
        self.trail: list[tuple[str, str]] = []
        self.budgets = Budgets(settings)
        self.arrived: Arrived = None

    def wants_two(self, user: User) -> bool:
        """Say whether this user is asked for two proofs."""
        return self.settings.proofs == "two" or user.app is not None

    def prove(
        self,
        who: Visitor,
        holder: Pending | Session,
        factor: str,
        typed: str,
        now: datetime,
        *,
        trust: bool = False,
    ) -> Verdict | datetime | None:
        """Judge an answer to a factor; None where this sign-in has no more tries."""
        user = holder.user
        row, today, network = budgets = self.proving(who, user, factor)
        until = self._take(budgets, now)
        if until:
            return until
        if isinstance(holder, Pending) and not holder.take_try():
            for budget in budgets:
                budget.give_back()
            return None
        verdict = user.take(factor, typed, now)
        self._note("factor.answered", verdict)
        if verdict is Verdict.WRONG:
            return self._refuse(holder, row)
        network.give_back()
        today.give_back()
        if verdict is Verdict.SPENT:
            row.give_back()
            return verdict
        self.budgets.end_row((user, factor), None, who.known_to(user))
        self._go_on(who, holder, Proof(factor, now), trust=trust and factor != "recovery")
        return verdict

    def proving(self, who: Visitor, user: User, factor: str) -> tuple:
        """Return what an answer to a factor is taken from."""
        return self.budgets.guessing(who.network, (user, factor), who.known_to(user))

    def end(self, session: Session) -> None:
        """Sign out."""
        if not session.has_ended:
            session.has_ended = True
            self._note("session.ended")

    def enrol(self, user: User, app: App, codes: tuple[str, ...], now: datetime) -> None:
        """Give a user an app and recovery codes."""
        user.app, user.paper = app, Paper(codes)
        user.enrolled += 1
        self._changed("factor.enrolled", user, now)

    def remove(self, user: User, now: datetime) -> None:
        """Take the app away, and the recovery codes with it."""
        user.app, user.paper = None, Paper()
        self._changed("factor.removed", user, now)

    def tell(self, now: datetime) -> int:
        """Send the notices that wait; return how many arrive."""
        due = [at for at in self.notices if not now < at <= now + LONGEST_WAIT_OF_NOTICES]
        arrived = [at for at in due if now < at + 3 * DAY]
        self.notices = [at for at in self.notices if at not in due]
        for _ in arrived:
            self._note("notice.sent")
        return len(arrived)

    def _changed(self, kind: str, user: User, now: datetime) -> None:
        user.trust_nothing()
        self._note(kind)
        if user.is_verified:
            self.notices.append(now)

    def _refuse(self, holder: Pending | Session, row) -> Verdict:
        if row.times == FREE:
            self._note("burst.began")
        if isinstance(holder, Session) or holder.tries < MOST_TRIES:
            return Verdict.WRONG
        holder.has_ended = True
        return Verdict.LOCKED

    def _arrive(
        self, who: Visitor, challenge: Challenge, now: datetime, held: Pending | None
    ) -> None:
        """Go on after a code that was sent."""
        proof = Proof("email", now)
        challenge.user.is_verified = True
        if held and held.user is challenge.user:
            self._go_on(who, held, proof)
            return
        proofs, known = (proof,), challenge.user.known.get(who.number)
        self.arrived = None
        if self.wants_two(challenge.user) and not (known and known.is_trusted(now)):
            if challenge.door == "page":
                self.arrived = Pending(challenge, now, proofs)
                self.pendings.append(self.arrived)
            return
        if self.wants_two(challenge.user):
            proofs = (proof, Proof("browser", now))
        self._start(who, challenge, proofs, now)

    def _go_on(
        self, who: Visitor, holder: Pending | Session, proof: Proof, *, trust: bool = False
    ) -> None:
        """Add what is the second proof, or steps up; any two are enough."""
        self.arrived = holder
        if isinstance(holder, Session):
            holder.step_up(proof)
            self._note("session.stepped_up")
            return
        holder.has_ended = True
        self._start(who, holder.challenge, (*holder.proofs, proof), proof.at, trust=trust)

    def _start(self, who, challenge, proofs, now, *, trust=False) -> None:
        if who.number is not None:
            was_in = any(one.challenge.user is challenge.user for one in self.sessions)
            if was_in and who.number not in challenge.user.known:
                self._note("browser.met")
                self.notices.append(now)
            known = challenge.user.known.setdefault(who.number, Known(now))
            known.trusted_until = now + TRUSTED_FOR if trust else known.trusted_until
        self.arrived = Session(challenge, now, proofs)
        self.sessions.append(self.arrived)
        self._note("session.started")

    def _take(self, budgets, now) -> datetime | None:
        until = take_all(budgets, now)
        if until:
            self._note("limit.reached", Verdict.LIMITED)
        return until

    def _note(self, kind, verdict="") -> None:
        self.trail.append((kind, str(verdict)))
