"""What may happen where two proofs are asked for."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.hold.machine import backstage, proving
from tests.hold.machine.choices import (
    ENDS,
    SEATS,
    SECONDS,
    SOON,
    USERS,
    WHICH,
    pick,
    second,
)
from tests.hold.machine.model.holders import Pending
from tests.hold.machine.passing import PassingTime
from tests.hold.machine.seat import Seat

SPREE = st.sampled_from([1, 1, 2, 4, 6])


class TwoProofs(PassingTime):
    """People half signed in, those who step up, and those who have no app any more."""

    @precondition(lambda self: self.provers())
    @rule(
        which=WHICH,
        kind=SECONDS,
        when=st.sampled_from(SOON + ENDS),
        times=SPREE,
        trust=st.booleans(),
    )
    def somebody_proves(self, which, kind, when, times, trust):
        seat, holder = pick(self.provers(), which)
        factor, _ = second(holder.user, holder.user, kind, self.world.now)
        budgets = self.world.site.proving(seat.visitor, holder.user, factor)
        may = max(one.until(self.world.now) for one in budgets)
        self.wait(when, may, holder if isinstance(holder, Pending) else None)
        for _ in range(times):
            self.prove(seat, holder.user, kind, trust=trust)

    @precondition(lambda self: any(seat.jar.pending for seat in self.world.seats))
    @rule(number=SEATS)
    def somebody_gives_up(self, number):
        self.cookies.append(self.world.seats[number].copy())
        proving.give_up(self.world, self.world.seats[number])

    @rule(number=st.integers(0, len(USERS) - 1))
    def somebody_has_an_app_or_none_any_more(self, number):
        self.is_all_different = True
        backstage.enrol_or_remove(self.world, number)

    def prove(self, seat: Seat, user, kind: str, *, trust: bool = False) -> None:
        """Give a second proof of a user; somebody may have taken the cookie before."""
        self.cookies.append(seat.copy())
        (other,) = (one for one in self.world.site.users.values() if one is not user)
        factor, typed = second(user, other, kind, self.world.now)
        proving.answer(self.world, seat, factor, typed, trust=trust)
