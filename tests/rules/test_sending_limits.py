"""How often a code is sent: to one address, from one network, from the site."""

from datetime import timedelta

import pytest

from otpapp.models import Tally
from otpapp.rules import budgets, limits
from otpapp.rules.lanes import Lane
from otpapp.rules.verdicts import Limited
from otpapp.transaction import transaction
from tests.conftest import make_settings
from tests.rules.desk import count, in_parallel

KEY = "alice@example.org"
NETWORK = "192.0.2.7"


def lane(key: str = KEY, network: str = NETWORK, channel: str = "email", known: int = 0) -> Lane:
    """Return the lane of somebody who asks for a code to `key`."""
    return Lane(whose=key, key=key, network=network, channel=channel, known=known)


@pytest.fixture
def send(context, settings, clock):
    """Ask for one message at the time of the clock; return the name of the limit in the way."""

    def send(key: str = KEY, network: str = NETWORK, rules=settings) -> str:
        with transaction():
            refused = budgets.may_send(lane(key, network), rules, clock.now)
        return refused.limit if refused else ""

    return send


@pytest.mark.parametrize(("before", "gap"), [(1, 30), (2, 60), (3, 120), (4, 120)])
def test_the_waits_between_messages_grow(send, clock, before, gap):
    send()
    for _ in range(1, before):
        clock.advance(seconds=120)
        assert send() == ""
    clock.advance(seconds=gap - 2.001)
    assert send() == "gap"
    clock.advance(seconds=0.001)
    assert send() == "", "two seconds early is not punished"


def test_the_end_of_the_wait_is_told_without_the_grace(context, settings, clock, send):
    send()
    clock.advance(seconds=5)
    with transaction():
        refused = budgets.may_send(lane(), settings, clock.now)
    assert refused.until - clock.now == timedelta(seconds=25)


def test_asking_too_soon_does_not_make_the_wait_longer(send, clock):
    send()
    for _ in range(9):
        clock.advance(seconds=3)
        assert send() == "gap"
    clock.advance(seconds=3)
    assert send() == ""


def test_the_wait_also_holds_where_one_hour_ends_and_the_next_begins(send, clock):
    for _ in range(3):
        send()
        clock.advance(minutes=2)
    clock.advance(minutes=53, seconds=55)  # 59:55
    assert send() == ""
    clock.advance(seconds=10)
    assert send() == "gap"


def test_five_an_hour_to_one_address(send, clock):
    for _ in range(5):
        assert send() == ""
        clock.advance(minutes=3)
    assert send() == "sends_per_identifier"
    assert send("bob@example.org") == ""
    clock.advance(minutes=45)
    assert send() == ""


def test_ten_a_day_to_one_address(send, clock):
    for _ in range(10):
        assert send() == ""
        clock.advance(hours=1)
    assert send() == "sends_per_identifier_per_day"
    clock.advance(hours=13, minutes=59)
    assert send() == "sends_per_identifier_per_day"
    clock.advance(minutes=1)
    assert send() == ""


def test_twenty_an_hour_from_one_network(send, clock):
    assert [send(f"{number}@example.org") for number in range(20)] == [""] * 20
    assert send("late@example.org") == "sends_per_ip"
    assert send("late@example.org", "192.0.2.8") == ""
    clock.advance(hours=1)
    assert send("later@example.org") == ""


def test_a_hundred_a_minute_from_the_site(send, clock):
    rules = make_settings(limit_sends_per_site=4)
    for number in range(4):
        with transaction():
            one = lane(f"{number}@example.org", f"192.0.2.{number}", known=1)
            assert budgets.may_send(one, rules, clock.now) is None
    assert send("late@example.org", "192.0.2.99", rules) == "sends_per_site"
    clock.advance(minutes=1)
    assert send("late@example.org", "192.0.2.99", rules) == ""
    assert limits.sends_per_site(make_settings()).most == 100


def test_of_the_site_s_messages_three_in_ten_are_kept_for_known_browsers(send, clock):
    rules = make_settings(limit_sends_per_site=10)
    for number in range(7):
        assert send(f"{number}@example.org", f"192.0.2.{number}", rules) == ""
    assert send("late@example.org", "192.0.2.99", rules) == "sends_to_strangers"
    for number in range(3):
        with transaction():
            one = lane(f"{number}@example.org", "192.0.2.98", known=1)
            assert budgets.may_send(one, rules, clock.now) is None


def test_a_stranger_uses_up_no_message_of_a_known_browser(send, context, settings, clock):
    for _ in range(5):
        send()
        clock.advance(minutes=3)
    assert send() == "sends_per_identifier"
    for known in (7, 8):
        with transaction():
            assert budgets.may_send(lane(known=known), settings, clock.now) is None


def test_fifty_text_messages_a_day_and_mail_goes_on(context, settings, clock):
    """X20."""
    for number in range(51):
        with transaction():
            text = lane(f"+120255501{number:02}", f"192.0.2.{number}", "sms", known=number)
            refused = budgets.may_send(text, settings, clock.now)
        clock.advance(minutes=1)
    assert refused.limit == "sms_per_day"
    with transaction():
        assert budgets.may_send(lane(), settings, clock.now) is None


class TestARangeOfNumbers:
    """X20: whoever earns by text messages to a range of numbers types no codes."""

    @pytest.fixture
    def overrides(self) -> dict:
        return {"sign_up": "open", "limit_sms_unanswered": 3, "limit_sends_per_ip": 1000}

    @pytest.fixture
    def text(self, desk, clock):
        """Have a code sent to a number; return the handle, or the name of the limit in the way."""

        def text(number: str, **more) -> str:
            clock.advance(minutes=2)
            begun = desk.try_asking(number, **more)
            return begun.limit if isinstance(begun, Limited) else begun.handle

        return text

    def test_gets_no_more_while_no_codes_are_typed(self, text, clock):
        for last in range(3):
            assert text(f"+1202555014{last}") != "sms_unanswered"
        assert text("+12025551199") == "sms_unanswered"
        assert text("+12025560199") != "sms_unanswered", "another range"
        clock.advance(days=1)
        assert text("+12025550199") != "sms_unanswered"

    def test_is_one_of_numbers_and_not_of_mailboxes(self, text):
        for _ in range(4):
            assert text("alice@example.org") != "sms_unanswered"

    def test_goes_on_where_they_are(self, text, desk):
        for last in range(6):
            handle = text(f"+1202555014{last}")
            assert desk.prove(handle, desk.code(handle)).token

    def test_holds_up_nobody_who_signed_in_before(self, text, desk):
        known = {"known": "the token of a browser"}
        handle = text("+12025550143")
        assert desk.prove(handle, desk.code(handle), **known).token
        for last in range(4, 8):
            text(f"+1202555014{last}")
        assert text("+12025550149") == "sms_unanswered"
        assert text("+12025550143", **known) != "sms_unanswered"

    def test_is_not_counted_where_nobody_can_sign_up(self, text, desk):
        desk.use(sign_up="invited")
        asked = {text(f"+1202555014{last}") for last in range(9)}
        assert "sms_unanswered" not in asked


def test_a_refused_message_is_charged_to_no_budget(send, clock):
    rules = make_settings(limit_sends_per_site=1)
    assert send(rules=rules) == ""
    clock.advance(seconds=30)
    before = count(Tally)
    for number in range(30):
        assert send(f"{number}@example.org", "198.51.100.1", rules) == "sends_per_site"
    assert count(Tally) == before
    clock.advance(seconds=30)
    assert send("0@example.org", "198.51.100.1", rules) == ""


def test_a_network_that_is_over_its_limit_uses_up_nobodys_address(send, clock):
    rules = make_settings(limit_sends_per_ip=1)
    send("first@example.org", rules=rules)
    for _ in range(10):
        assert send(KEY, rules=rules) == "sends_per_ip"
    assert send(KEY, "198.51.100.9", rules) == ""


def test_nobody_s_mailbox_is_flooded_from_a_hundred_networks(send, clock):
    """X21: every 6 seconds for an hour, each time from another network."""
    sent = 0
    for number in range(600):
        sent += send(network=f"198.51.100.{number % 100}") == ""
        clock.advance(seconds=6)
    assert sent == 5


def test_parallel_asks_for_one_address_send_one_message(app, settings, clock):
    def ask(number: int) -> bool:
        with transaction():
            return budgets.may_send(lane(KEY, f"192.0.2.{number}"), settings, clock.now) is None

    assert sum(in_parallel(app, 12, ask)) == 1
