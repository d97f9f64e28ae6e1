"""Every limit: one named function each, its docstring the sentence that it enforces.

They are counted from the first time: where two windows meet, up to twice as many fit in a while.
"""

from datetime import timedelta

from otpapp.rules.tallies import Limit
from otpapp.settings import Settings

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
FOR_EVER = timedelta(days=36_500)
GAPS = tuple(timedelta(seconds=seconds) for seconds in (30, 60, 120))
FREE_IN_A_ROW = 10  # wrong codes before the first wait
# 30 seconds, then twice as long each time, an hour at most (NIST SP 800-63B-4 section 3.2.2).
PAUSES = (timedelta(0),) * (FREE_IN_A_ROW - 1) + tuple(
    min(timedelta(seconds=30) * 2**count, HOUR) for count in range(8)
)
RESERVE = 0.3  # of the site's messages, kept for known browsers


def sends_per_identifier(settings: Settings) -> Limit:
    """5 messages an hour to one address or number, 30, 60 and then 120 seconds apart."""
    return Limit("sends_per_identifier", settings.limit_sends_per_identifier, HOUR, GAPS)


def sends_per_identifier_per_day(settings: Settings) -> Limit:
    """10 messages a day to one address or number."""
    most = settings.limit_sends_per_identifier_per_day
    return Limit("sends_per_identifier_per_day", most, DAY)


def sends_per_ip(settings: Settings) -> Limit:
    """20 messages an hour asked for from one address (IPv6: from one /64)."""
    return Limit("sends_per_ip", settings.limit_sends_per_ip, HOUR)


def sends_per_site(settings: Settings) -> Limit:
    """100 messages a minute from this site."""
    return Limit("sends_per_site", settings.limit_sends_per_site, MINUTE)


def sends_to_strangers(settings: Settings) -> Limit:
    """70 messages a minute asked for by unknown browsers; the rest is kept for known ones."""
    most = max(1, int(settings.limit_sends_per_site * (1 - RESERVE)))
    return Limit("sends_to_strangers", most, MINUTE)


def sms_per_day(settings: Settings) -> Limit:
    """50 text messages a day from this site: they cost money, and fraudsters earn by them."""
    return Limit("sms_per_day", settings.limit_sms_per_day, DAY)


def sms_notices_per_number(_: Settings) -> Limit:
    """5 notices a day by text message to one number."""
    return Limit("sms_notices_per_number", 5, DAY)


def sms_notices_per_day(settings: Settings) -> Limit:
    """50 notices a day by text message, apart from codes: neither kind uses up the other's."""
    return Limit("sms_notices_per_day", settings.limit_sms_per_day, DAY)


def sms_notices_put_off_per_day(settings: Settings) -> Limit:
    """50 notices a day that wait for the next day's text messages, one for each number."""
    return Limit("sms_notices_put_off_per_day", settings.limit_sms_per_day, DAY)


def access_requests_per_user(_: Settings) -> Limit:
    """5 requests for access a day by one user; more words to one that is open cost nothing."""
    return Limit("access_requests_per_user", 5, DAY)


def access_notices_per_admin(_: Settings) -> Limit:
    """20 mails a day to one admin about requests for access; what is past that waits in the list.

    Not for a user: where anybody can sign up, many could ask in turn.
    """
    return Limit("access_notices_per_admin", 20, DAY)


def invitations_per_site(_: Settings) -> Limit:
    """1000 invitations a day, whoever sends them: an admin's session in wrong hands is no mailer.

    Who has more people at once reads them from a file.
    """
    return Limit("invitations_per_site", 1000, DAY)


def invitations_per_address(_: Settings) -> Limit:
    """5 invitations a day to one address or number, those that are sent again included."""
    return Limit("invitations_per_address", 5, DAY)


def test_messages_per_site(_: Settings) -> Limit:
    """10 test messages an hour, whoever has them sent, to anybody.

    An admin's session in wrong hands is no mailer, and who waits for one holds up a thread.
    """
    return Limit("test_messages_per_site", 10, HOUR)


def acceptances_per_ip(_: Settings) -> Limit:
    """100 times an hour an invitation is accepted from one address (IPv6: from one /64)."""
    return Limit("acceptances_per_ip", 100, HOUR)


def recovery_codes_per_session(_: Settings) -> Limit:
    """10 sets of recovery codes a day in one session: each takes long to make, and is told.

    Not for a user: whoever came in as them could keep them from replacing codes that were seen.
    """
    return Limit("recovery_codes_per_session", 10, DAY)


def sms_unanswered(settings: Settings) -> Limit:
    """20 text messages a day to numbers that are alike but for the last four digits, unanswered.

    X20: who earns by messages to a range of numbers types no codes.
    """
    return Limit("sms_unanswered", settings.limit_sms_unanswered, DAY)


def failures_per_user(settings: Settings) -> Limit:
    """20 wrong codes a day for one user, from all unknown browsers together."""
    return Limit("failures_per_user", settings.limit_failures_per_user, DAY)


def failures_per_known_browser(settings: Settings) -> Limit:
    """10 wrong codes a day for one user from one browser that signed them in before."""
    most = settings.limit_failures_per_known_browser
    return Limit("failures_per_known_browser", most, DAY)


def failures_in_a_row(settings: Settings) -> Limit:
    """100 wrong codes in a row close the code path; from the 10th on each costs a longer wait."""
    most = settings.limit_failures_in_a_row
    return Limit("failures_in_a_row", most, FOR_EVER, PAUSES, gap_name="pause")


def failures_per_ip(settings: Settings) -> Limit:
    """30 wrong codes an hour from one address (IPv6: from one /64)."""
    return Limit("failures_per_ip", settings.limit_failures_per_ip, HOUR)


def ceremonies_per_ip(settings: Settings) -> Limit:
    """600 times an hour a passkey is asked for from one address (IPv6: from one /64)."""
    return Limit("ceremonies_per_ip", settings.limit_ceremonies_per_ip, HOUR)


def failures_per_site(settings: Settings) -> Limit:
    """300 wrong codes an hour on the whole site are a burst: new codes get 8 digits."""
    return Limit("failures_per_site", settings.limit_failures_per_site, HOUR)
