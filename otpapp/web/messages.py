"""What the sign-in pages say: one sentence a case, each with the next step."""

from collections.abc import Callable
from datetime import datetime, timedelta

from otpapp.models import Challenge
from otpapp.rules.identifiers import CLASS_DOMAIN, Fault
from otpapp.rules.messages import Flow
from otpapp.rules.sign_in import Outcome
from otpapp.rules.verdicts import Limited, Verdict
from otpapp.settings import Settings
from otpapp.web.looks import moment

BAD = 400
UNPROCESSABLE = 422
TOO_MANY = 429
STALE = "This page was open for too long, or your browser keeps no cookies. Send it once more."
FLOWS = {
    Flow.GOING: "{what} out without delay.",
    Flow.WAITING: "Messages wait here at the moment. They go out as soon as they can.",
    Flow.FAILING: "We cannot reach the mail server at the moment. "
    "Nothing is wrong with your address. We keep trying.",
}
FEW_TRIES = 3  # from here on we say how many are left
Clock = Callable[..., str]
WINDOWS = {
    "sends_per_identifier": "in the last hour",
    "sends_per_identifier_per_day": "in the last 24 hours",
}
FAILURES = {
    "failures_per_user": " for this address",
    "failures_per_known_browser": " from this browser",
    "failures_per_ip": " from your network",
}
CLOSES = "failures_in_a_row"  # the limit that ends when somebody opens it, at no instant
CLOSED = (
    "Signing in by code is closed here after {most} wrong codes in a row. "
    "A passkey opens it again, or whoever runs this site."
)
HALF_A_DAY = timedelta(hours=12)
LONGEST_IN_SECONDS = 120
NOTES = {
    "already": "We already sent a code at {sent}. It still works.",
    "again": "We sent the same code once more.",
    "new": "We sent a new code. The one before no longer works.",
    "newer": "This browser asked for a newer code. This is its page.",
    "signed_out": "You are signed out.",
    "factor_removed": "It is removed, and opens nothing any more.",
    "full": "There is room for ten of a kind. Remove one that you no longer use.",
    "form_lost": "Your form was not sent: you were signed out meanwhile. Sign in, then fill it in "
    "once more.",
    "ended_meanwhile": "That sign-in ended meanwhile, perhaps in another tab. Start again.",
    "too_late": "That took too long. For your safety you have to start again.",
    "too_many": "Too many wrong answers. For your safety you have to start again.",
    "accepted": "You are welcome. Have a code sent to you, and sign in with it.",
    "resumed": "Codes come again. The one that you stopped stays stopped: ask for a new one.",
}


def fault(which: Fault, settings: Settings) -> str:
    """Return what to tell someone whose identifier cannot be used."""
    both = settings.offers_sms
    what = "an email address or a phone number" if both else "an email address"
    return {
        Fault.EMPTY: f"Enter {what}",
        Fault.NEITHER: f"Enter {what}, like name@example.org" + (" or +1 202 555 0143" * both),
        Fault.EMAIL: "Enter an email address in full, like name@example.org",
        Fault.LETTERS: "Enter an email address with plain letters before the @, "
        "like name@example.org",
        Fault.PHONE: "Enter a phone number in full, like +1 202 555 0143",
        Fault.COUNTRY: "Start the phone number with + and the country code, like +1 202 555 0143",
        Fault.LANDLINE: "Enter a mobile number, or an email address: "
        "this number cannot get text messages",
        Fault.REGION: "We cannot send text messages to that country. Enter an email address",
        Fault.NO_SMS: "Enter an email address. Phone numbers cannot be used here",
        Fault.REAL: "This is a classroom: enter the made-up address or number of your seat, "
        f"like ada@{CLASS_DOMAIN}",
    }[which]


def shape(found: str, digits: int) -> str:
    """Return what to say of an answer that cannot be a code; it costs no try."""
    if not found:
        return f"Enter the {digits}-digit code"
    if len(found) > 2 * digits:
        return f"The code has {digits} digits. You entered many more."
    return f"The code has {digits} digits. You entered {len(found)}."


def verdict(outcome: Outcome, now: datetime, at: Clock = moment) -> str:
    """Return the sentence for a refused answer; `at` writes times."""
    challenge = outcome.challenge
    return {
        Verdict.WRONG: _wrong(outcome, now, at),
        Verdict.EXPIRED: _over(challenge, at),
        Verdict.SPENT: "That code was already used. If you are not signed in, send a new code.",
        Verdict.LOCKED: "Too many wrong codes. For your safety this code no longer works.",
    }[outcome.verdict]


def limited(refused: Limited, now: datetime, at: Clock = moment) -> str:
    """Return the sentence for a limit, with the instant it ends; `at` writes times."""
    if refused.limit == "gap":
        return f"A code is on its way. You can ask again in {_wait(refused, now)}."
    if refused.limit == "pause":
        return f"Too many wrong codes. You can try again in {_wait(refused, now)}."
    if refused.limit == CLOSES:
        return CLOSED.format(most=refused.most)
    until = at(refused.until, "clock" if refused.until - now < HALF_A_DAY else "day")
    if refused.limit in WINDOWS:
        return (
            f"We have sent {refused.most} codes {WINDOWS[refused.limit]}. "
            f"You can ask again at {until}."
        )
    if refused.limit == "ceremonies_per_ip":
        return f"Passkeys were asked for too often from your network. Try again at {until}."
    if refused.limit == "recovery_codes_per_session":
        return f"You made new codes {refused.most} times today. You can make more at {until}."
    if refused.limit == "access_requests_per_user":
        return f"You asked for access {refused.most} times today. You can ask again at {until}."
    if refused.limit == "test_messages_per_site":
        return f"{refused.most} test messages in an hour are all. You can send more at {until}."
    if refused.limit == "sms_notices_per_day":
        return f"No more text messages today. You can send more at {until}."
    if refused.limit in FAILURES:
        return f"Too many wrong codes{FAILURES[refused.limit]}. Try again at {until}."
    return f"Too many codes were asked for. You can ask again at {until}."


def asked_elsewhere(refused: Limited, now: datetime, at: Clock = moment) -> str:
    """Return the sentence for a limit to someone who holds no code that still works."""
    if refused.limit != "gap":
        return limited(refused, now, at)
    return f"A code was asked for a moment ago. You can ask again in {_wait(refused, now)}."


def retry_after(refused: Limited, now: datetime) -> dict[str, str]:
    """Return the header that says when to come again; none where somebody must open it first."""
    return (
        {} if refused.limit == CLOSES else {"Retry-After": str(seconds_until(refused.until, now))}
    )


def seconds_until(instant: datetime, now: datetime) -> int:
    """Return the whole seconds from `now` to `instant`, at least one; for `Retry-After`."""
    return max(1, -int(-(instant - now).total_seconds() // 1))


def note(name: str, challenge: Challenge | None = None, at: Clock = moment) -> str:
    """Return the sentence of a note that the page before left; `at` writes times."""
    # Not when it was handed over: that differs between addresses that are known and that are not.
    sent = at(challenge.created_at) if challenge else ""
    return NOTES.get(name, "").format(sent=sent)


def sends_left(count: int) -> str:
    """Return how many more messages there may be."""
    return f"You can ask for it {count} more {'time' if count == 1 else 'times'}."


def flow(which: Flow, channel: str) -> str:
    """Return the sentence for how messages of `channel` leave this site."""
    what = "Text messages go" if channel == "sms" else "Mail goes"
    return FLOWS[which].format(what=what)


def _wait(refused: Limited, now: datetime) -> str:
    seconds = seconds_until(refused.until, now)
    if seconds <= LONGEST_IN_SECONDS:
        return f"{seconds} second{'s' * (seconds != 1)}"
    return f"{-(-seconds // 60)} minutes"


def _over(challenge: Challenge, at: Clock) -> str:
    if challenge.closed_at and challenge.closed_at < challenge.expires_at:
        return "That code no longer works."
    return f"That code ran out at {at(challenge.expires_at)}."


def _wrong(outcome: Outcome, now: datetime, at: Clock) -> str:
    left, more = outcome.tries_left, outcome.guesses_left
    if not left or more is None:
        return "That code is not right."  # and no other one would be: it is over
    text = (
        "That code is not right. "
        f"Check the latest message (reference {outcome.challenge.reference})."
    )
    if more.waiting:
        text += " " + limited(more.waiting, now, at)
    elif more.before_end <= FEW_TRIES:
        text += f" {_more(more.before_end)}, then signing in by code is closed here."
    elif more.before_wait < min(left, FEW_TRIES + 1):
        text += f" {_more(more.before_wait)}, then you have to wait."
    elif left <= FEW_TRIES:
        text += f" {left} {'try' if left == 1 else 'tries'} left."
    return text


def _more(count: int) -> str:
    return f"{count} more wrong {'code' if count == 1 else 'codes'}"
