"""How much is measured."""

from dataclasses import dataclass

ONE = "1 client"
EIGHT = "8 clients"
PAGE = "page"
CASES = (ONE, EIGHT, PAGE)


@dataclass(frozen=True)
class Plan:
    """The numbers of one run.

    Every user signs in once only. A busy machine ends a stretch early, so that the whole run
    takes a bounded time.
    """

    asks: int = 200
    rounds: int = 5
    sign_ins_of_one: int = 40
    sign_ins_of_eight: int = 160
    seconds_of_one: float = 3
    seconds_of_eight: float = 4
    page_seconds: float = 1.5
    check_seconds: float = 2
    warm_up: int = 16
    browsers: int = 8
    people: int = 100_000
    events: int = 5_000_000
    views: int = 15
    workers: int = 2

    @property
    def users_a_round(self) -> int:
        """How many users one round takes."""
        return self.sign_ins_of_one + self.sign_ins_of_eight + self.browsers

    @property
    def users(self) -> int:
        """How many users every database needs."""
        return self.warm_up + self.rounds * self.users_a_round


FULL = Plan()
QUICK = Plan(
    asks=50,
    rounds=3,
    sign_ins_of_one=10,
    sign_ins_of_eight=40,
    seconds_of_one=0.8,
    seconds_of_eight=1.2,
    page_seconds=0.5,
    check_seconds=1,
    people=20_000,
    events=500_000,
    views=5,
    warm_up=8,
)
