"""What is wrong with a line of a file of people, or with what is sought in the trail, in words."""

from otpapp.rules import roles
from otpapp.rules.people import seeking
from otpapp.rules.people.reading import COLUMNS, Cause, Fault
from otpapp.rules.people.seeking import Unread
from otpapp.settings import Settings
from otpapp.web import messages

NAMES = f"{', '.join(COLUMNS[:-1])} and {COLUMNS[-1]}"
WORDS = {
    Cause.HEADER: f"the first line must name the columns, with email or phone among {NAMES}",
    Cause.COLUMN: "{what} is no column, or is one twice; there are " + NAMES,
    Cause.UNREADABLE: "a quotation mark is missing, or is one too many",
    Cause.CELLS: "there are more cells than columns, from {what} on",
    Cause.NOBODY: "there is neither an email address nor a phone number",
    Cause.GROUP: "{what} is no group: 1 to 40 of the letters a-z, digits and dashes",
    Cause.ROLE: "{what} is no role; there are " + " and ".join(roles.ROLES),
    Cause.TWICE: "{what} stands in line {other} already",
    Cause.SAME_PERSON: "{what} is the person of line {other}; put both into one line",
    Cause.OTHERS: "{what} are of different people, or were taken just now",
    Cause.LAST_ADMIN: "{what} is the last admin who can sign in, and stays one",
}


def fault(found: Fault, settings: Settings) -> str:
    """Return one sentence for a line that cannot be done, with its number."""
    if isinstance(found.cause, Cause):
        said = WORDS[found.cause].format(what=_shown(found.what), other=found.other)
    else:
        advice = messages.fault(found.cause, settings)
        said = f"{_shown(found.what)}: {advice[0].lower()}{advice[1:]}"
    return f"line {found.line}: {said}."


def unread(found: Unread, settings: Settings) -> str:
    """Return one sentence for what was typed to look through the trail and cannot be read."""
    typed = _shown(found.typed)
    if found.cause is seeking.Cause.IP:
        return f"{typed} is no IP address."
    if found.cause is seeking.Cause.INSTANT:
        how = "write it as 2026-12-24 or 2026-12-24T18:30"
        return f"{typed} is neither a day nor an instant; {how}."
    return messages.fault(found.cause, settings) + "."


def _shown(text: str) -> str:
    """Return what stands in a file, such that it moves no cursor and fits a line."""
    return ascii(text)[:80] if not text.isprintable() else text[:80]
