"""How time passes."""

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from tests.hold.machine.choices import SECOND, WHICH, Base

DAY = 24 * 3600
TIMES = st.sampled_from([1, 30, 120, 420, 600, 3600, 12 * 3600, DAY, DAY, 8 * DAY, 31 * DAY])
BACK = st.sampled_from([1, 6, 60, 150, 3600])


class PassingTime(Base):
    """A clock that goes on, is set back, and comes to the very end of something."""

    @rule(seconds=TIMES)
    def time_passes(self, seconds):
        self.is_all_different = seconds >= 600
        self.world.clock.now += seconds * SECOND

    @rule(seconds=BACK)
    def a_clock_is_set_back(self, seconds):
        self.is_all_different = True
        self.world.clock.now -= seconds * SECOND

    @precondition(lambda self: self.world.site.ends(self.world.now))
    @rule(which=WHICH, seconds=st.sampled_from([0, 0, -1]))
    def time_comes_to_an_end(self, which, seconds):
        self.is_all_different = True
        ends = self.world.site.ends(self.world.now)
        self.world.come_to(ends[which % len(ends)] + seconds * SECOND)
