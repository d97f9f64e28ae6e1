"""Everything that may happen, in any order: Hypothesis chooses what and when."""

from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule

from tests.hold.machine import backstage, pages, programs
from tests.hold.machine.choices import (
    ADDRESSES,
    ALICE,
    ENDS,
    METHODS,
    SEATS,
    SECOND,
    SOON,
    TYPED,
    USERS,
    WHICH,
    pick,
)
from tests.hold.machine.compare import try_door
from tests.hold.machine.model.people import STEP
from tests.hold.machine.second import TwoProofs

PRESS = st.sampled_from(["", "stop", "stop", "undo", "stop, undo"])
SPREE = st.sampled_from([1, 1, 2, 4, 5])
THEN = st.sampled_from(["app", "app", "app", "next step", "paper", "used", "wrong", ""])
OPERATORS_DO = ["restart", "reopen", "disable or enable", "disable or enable"]
MAY_BE = st.booleans()


class Machine(TwoProofs):
    """People, thieves, programs, operators, a clock and restarts."""

    @initialize(is_known=MAY_BE, apps=st.sampled_from([0, 1, 2]), trust=MAY_BE)
    def alice_may_have_been_here(self, is_known, apps, trust):
        # Where nobody ever had an app, a program's code leads nowhere, and no row says why.
        for number in range(2 if self.world.settings.proofs == "two" else apps):
            backstage.enrol_or_remove(self.world, number)
        if is_known:
            self.somebody_signs_in(0, ALICE, False, trust=trust)

    @rule(number=SEATS, address=ADDRESSES, again=MAY_BE, keep=MAY_BE, when=st.sampled_from(SOON))
    def somebody_asks(self, number, address, again, keep, when):
        seat = self.world.seats[number]
        if not again:
            self.forms += 1
            seat.form = f"form {self.forms}"
        self.wait(when, self.world.site.may_ask(seat.visitor, address, self.world.now))
        pages.ask(self.world, seat, address, seat.form, keep=keep)

    @precondition(lambda self: self.held())
    @rule(which=WHICH, when=st.sampled_from(SOON + ENDS))
    def somebody_asks_once_more(self, which, when):
        seat, reference, challenge = pick(self.held(), which)
        may = self.world.site.may_ask(seat.visitor, challenge.address, self.world.now)
        self.wait(when, may, challenge)
        pages.send_again(self.world, seat, reference)

    @precondition(lambda self: self.held())
    @rule(which=WHICH, kind=TYPED, other=WHICH, when=st.sampled_from(SOON + ENDS), times=SPREE)
    def somebody_answers(self, which, kind, other, when, times):
        seat, reference, challenge = pick(self.held(), which)
        self.wait(
            when, self.world.site.may_answer(seat.visitor, challenge, self.world.now), challenge
        )
        for _ in range(times):
            self.cookies.append(seat.copy())
            pages.answer(self.world, seat, reference, self.typed(challenge, kind, other))

    @rule(number=SEATS, address=ADDRESSES, times=st.sampled_from([2, 4, 6]))
    def somebody_guesses(self, number, address, times):
        self.somebody_asks(number, address, False, False, "in 2 min")
        seat = self.world.seats[number]
        for _ in range(times if seat.jar.held else 0):
            reference, challenge = pick(seat.jar.held.items(), 0)
            if not challenge.is_open(self.world.now):
                self.wait("in 2 min")
                pages.send_again(self.world, seat, reference)
                reference, challenge = pick(seat.jar.held.items(), 0)
            pages.answer(self.world, seat, reference, self.typed(challenge, "wrong"))

    @rule(
        number=SEATS,
        address=st.sampled_from(USERS),
        keep=MAY_BE,
        then=THEN,
        times=SPREE,
        trust=MAY_BE,
    )
    def somebody_signs_in(self, number, address, keep, then="app", times=1, trust=True):
        seat = self.world.seats[number]
        if seat.jar.session or seat.jar.pending:
            self.somebody_signs_out(number)
        self.somebody_asks(number, address, False, keep, "in 2 min")
        backstage.deliver(self.world)
        if seat.jar.held:
            reference, challenge = pick(seat.jar.held.items(), 0)
            self.cookies.append(seat.copy())
            pages.answer(self.world, seat, reference, challenge.code)
        if seat.jar.pending and then:
            for _ in range(times):
                self.prove(seat, self.world.site.users[address], then, trust=trust)

    @precondition(lambda self: self.world.references)
    @rule(number=SEATS, which=WHICH)
    def somebody_answers_in_another_browser(self, number, which):
        challenge, reference = pick(self.world.references.items(), which)
        pages.answer(self.world, self.world.seats[number], reference, challenge.code)

    @rule(number=SEATS)
    def somebody_signs_out(self, number):
        seat = self.world.seats[number]
        self.cookies.append(seat.copy())
        self.is_all_different = True
        pages.sign_out(self.world, seat)

    @precondition(lambda self: self.open_sessions())
    @rule(which=WHICH, seconds=st.sampled_from([0, -1]))
    def somebody_stays_to_the_end(self, which, seconds):
        session = pick(self.open_sessions(), which)
        while session.expires > self.world.now + session.idle:
            self.world.come_to(self.world.now + session.idle - SECOND)
            try_door(self.world, session)
        self.is_all_different = True
        self.world.come_to(session.expires + seconds * SECOND)

    @precondition(lambda self: self.cookies)
    @rule(number=SEATS, which=WHICH)
    def a_cookie_comes_back(self, number, which):
        self.world.seats[number].put_back(pick(self.cookies, which))

    @precondition(lambda self: self.world.site.challenges)
    @rule(which=WHICH, press=PRESS)
    def somebody_opens_the_link_in_a_mail(self, which, press):
        backstage.deliver(self.world)
        self.is_all_different = True
        if self.world.links:
            pages.open_link(self.world, pick(self.world.links, which), press)

    @rule(number=SEATS, address=st.sampled_from(USERS), press=PRESS)
    def whoever_signed_in_is_stopped(self, number, address, press):
        self.somebody_signs_in(number, address, False)
        self.somebody_opens_the_link_in_a_mail(0, press)

    @rule(address=ADDRESSES, method=METHODS, when=st.sampled_from(SOON))
    def a_program_asks(self, address, method, when):
        visitor = self.world.program_visitor
        self.wait(when, self.world.site.may_ask(visitor, address, self.world.now))
        programs.ask(self.world, address, method)

    @precondition(lambda self: self.world.handles)
    @rule(which=WHICH, is_named=MAY_BE, kind=TYPED, other=WHICH, at=st.none() | ADDRESSES)
    def a_program_answers(self, which, is_named, kind, other, at):
        challenge = pick(self.world.handles, which)
        typed = self.typed(challenge, kind, other)
        named = challenge if is_named else None
        programs.answer(self.world, at or challenge.address, challenge.method, named, typed)

    @rule(address=st.sampled_from(USERS), method=METHODS, times=st.sampled_from([1, 2]))
    def a_program_signs_in(self, address, method, times):
        self.wait("in 2 min")
        self.world.clock.now += SECOND * (-self.world.now.timestamp() % STEP)
        for _ in range(times):
            self.a_program_asks(address, method, "a little early")
            if self.world.handles:
                self.a_program_answers(0, True, "right", 0, None)

    @precondition(lambda self: any(one.challenge.door == "api" for one in self.world.keys))
    @rule(which=WHICH)
    def a_program_leaves(self, which):
        self.is_all_different = True
        sessions = [one for one in self.world.keys if one.challenge.door == "api"]
        programs.leave(self.world, pick(sessions, which))

    @rule()
    def the_mail_goes_out(self):
        backstage.deliver(self.world)

    @rule(number=st.integers(0, len(USERS) - 1), does=st.sampled_from(OPERATORS_DO))
    def an_operator_acts(self, number, does):
        self.is_all_different = True
        if does == "restart":
            backstage.restart(self.world)
        elif does == "reopen":
            backstage.reopen(self.world, number)
        else:
            backstage.disable_or_enable(self.world, number)
