"""The sign-in pages and the API: whatever is refused for a while is answered with until when."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from otpapp.rules.verdicts import Verdict
from tests.hold.machine.model.arrivals import Arrivals
from tests.hold.machine.model.budgets import DAY, FREE, LONG_AGO
from tests.hold.machine.model.holders import Pending
from tests.hold.machine.model.people import SAME_CODE_WHILE, TRIES, Challenge, User, Visitor

LONGEST_WAIT = timedelta(minutes=3)  # no code is put off for longer


class Site(Arrivals):
    """Everything that there is."""

    def __init__(self, settings, users: Iterable[User]) -> None:
        super().__init__(settings, users)
        self.challenges: list[Challenge] = []
        self.outbox: dict[Challenge, datetime] = {}

    def ask(
        self, who: Visitor, address: str, now: datetime, held: Iterable[Challenge] = (), **wish
    ) -> Challenge | datetime:
        """Have a code sent, unless one of those `held` still works."""
        for challenge in held:
            if challenge.address == address and challenge.is_open(now):
                challenge.keep = wish["keep"]
                return challenge
        user = self.users.get(address)
        user = None if user and user.is_disabled else user
        until = self._may_send(who, address, user, now)
        if until:
            return until
        self._note("code.asked")
        return self._issue(who, address, user, now, **wish)

    def send_again(self, who: Visitor, old: Challenge, now: datetime) -> Challenge | datetime:
        """Have it sent once more, or a new one that gives no more tries than the old one had."""
        until = self._may_send(who, old.address, old.user, now)
        if until:
            return until
        self._note("code.asked_again")
        if old.is_open(now) and old.expires - now >= SAME_CODE_WHILE:
            if not self._is_muted(who, old.user, now):
                self.outbox[old] = now
            return old
        old.close(now)
        tries = old.tries % TRIES
        return self._issue(who, old.address, old.user, now, keep=old.keep, tries=tries)

    def answer(
        self,
        who: Visitor,
        challenge: Challenge,
        typed: str,
        now: datetime,
        held: Pending | None = None,
    ) -> Verdict | datetime:
        """Judge what was typed; who is right is signed in, or led on."""
        whose, browser = challenge.user or challenge.address, who.known_to(challenge.user)
        row, today, network = self.budgets.guessing(who.network, whose, browser)
        until = self._take((row, today, network), now)
        if until:
            return until
        was_open = challenge.is_open(now)
        if not was_open and challenge.has_never_ended and now < challenge.expires:
            self._note("clock.skewed")
        verdict = _judge(challenge, typed, now)
        self._note("code.answered", verdict)
        if verdict in (Verdict.ACCEPTED, Verdict.EXPIRED, Verdict.SPENT):
            network.give_back()
        if verdict is Verdict.ACCEPTED:
            today.give_back()
            self.budgets.end_row(whose, None, browser)
            self._arrive(who, challenge, now, held)
        elif not was_open or verdict is Verdict.SPENT:
            row.give_back()
            today.give_back()
        elif row.times == FREE:
            self._note("burst.began")
        return verdict

    def may_ask(self, who: Visitor, address: str, now: datetime) -> datetime:
        """Return from when on another code can be sent there."""
        user = self.users.get(address)
        budgets = self.budgets.sending(who.network, address, who.known_to(user))
        return max(budget.until(now) for budget in budgets)

    def may_answer(self, who: Visitor, challenge: Challenge, now: datetime) -> datetime:
        """Return from when on another answer is judged."""
        whose, browser = challenge.user or challenge.address, who.known_to(challenge.user)
        return max(one.until(now) for one in self.budgets.guessing(who.network, whose, browser))

    def answer_nothing(self, who: Visitor, now: datetime) -> Verdict | datetime:
        """Refuse an answer where no challenge waits for one."""
        until = self._take([self.budgets.failing(who.network)], now)
        if until:
            return until
        self._note("code.answered", Verdict.EXPIRED)
        return Verdict.EXPIRED

    def stop(self, challenge: Challenge, now: datetime) -> None:
        """End this code and what came of it, and send strangers none for a day."""
        challenge.close(now)
        for one in (*self.sessions, *self.pendings):
            one.has_ended |= one.challenge is challenge
        user, since = challenge.user, challenge.answered
        if since:
            user.known = {who: one for who, one in user.known.items() if one.since < since}
        user.muted_until = now + DAY
        self._note("codes.stopped")

    def go_on(self, challenge: Challenge) -> None:
        """Send codes to everybody again."""
        challenge.user.muted_until = LONG_AGO
        self._note("codes.resumed")

    def reopen(self, user: User) -> None:
        """Open every way in again."""
        for whose in (user, (user, "totp"), (user, "recovery")):
            self.budgets.reopen(whose)
        self._note("codes.reopened")

    def deliver(self, now: datetime) -> list[Challenge]:
        """Send what waits; return whose codes arrive."""
        due = [
            challenge for challenge, at in self.outbox.items() if not now < at <= now + LONGEST_WAIT
        ]
        arrived = []
        for challenge in due:
            del self.outbox[challenge]
            if challenge.is_open(now) and challenge.is_right(challenge.code):
                arrived.append(challenge)
                self._note("message.sent")
            else:
                is_decoy = challenge.user is None and challenge.is_open(now)
                self._note("message.withheld" if is_decoy else "message.given_up")
        return arrived

    def ends(self, now: datetime) -> list[datetime]:
        """Return the instants to come at which a link, a session, trust or a window ends."""
        ends = [user.muted_until for user in self.users.values()]
        ends += [challenge.made + DAY for challenge in self.challenges]
        ends += [session.seen + session.idle for session in self.sessions]
        ends += [one.expires for one in self.pendings]
        known = [one for user in self.users.values() for one in user.known.values()]
        ends += [one.trusted_until for one in known if one.trusted_until]
        ends += [budget.ends for budget in self.budgets.kept.values()]
        return sorted({end for end in ends if now < end < now + 1000 * DAY})

    def _may_send(self, who, address, user, now) -> datetime | None:
        budgets = self.budgets.sending(who.network, address, who.known_to(user))
        return self._take(budgets, now)

    def _issue(self, who, address, user, now, **wish) -> Challenge:
        row = self.budgets.row(user or address)
        digits = 8 if row.times >= FREE else self.settings.code_digits
        receiver = None if self._is_muted(who, user, now) else user
        challenge = Challenge(address, receiver, digits, now, **wish)
        self.challenges.append(challenge)
        self.outbox[challenge] = now
        return challenge

    def _is_muted(self, who, user, now) -> bool:
        return user is not None and who.known_to(user) is None and now < user.muted_until


def _judge(challenge: Challenge, typed: str, now: datetime) -> Verdict:
    right = challenge.is_right(typed)
    if challenge.answered:
        return Verdict.SPENT
    if challenge.tries >= TRIES:
        return Verdict.LOCKED
    if not challenge.is_open(now):
        challenge.close(now)  # so that no clock that is set back revives it
        return Verdict.EXPIRED if right else Verdict.WRONG
    challenge.tries += 1
    if not right:
        return Verdict.LOCKED if challenge.tries == TRIES else Verdict.WRONG
    challenge.answered = now
    if challenge.method == "time":
        if challenge.counter <= challenge.user.time_step:
            return Verdict.SPENT
        challenge.user.time_step = challenge.counter
    return Verdict.ACCEPTED
