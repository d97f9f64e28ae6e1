"""What the pages of admins say."""

from otpapp.rules.gate.answering import Chance, Outcome
from otpapp.rules.gate.changing import Outcome as Changed
from otpapp.rules.people.directory import Standing
from otpapp.rules.people.importing import Done
from otpapp.rules.people.outcomes import Outcome as Unchanged
from otpapp.web.admin import deeds

NOTES = {
    "app_added": "It is behind the gate, once its web server asks.",
    "app_changed": "It is changed, from the next request on.",
    "app_removed": "It is removed. Whoever asks for it is refused from now on.",
    "guest_added": "They are let in, as soon as they sign in.",
    "guest_ended": "They are let in no more.",
    "key_ended": "That key opens nothing any more.",
    "imported": "All of it is done.",
    "granted": "Access is granted, and they are told.",
    "refused": "Access is refused, and they are told.",
    "invited": "They are invited, and their messages are on the way.",
    "invited_again": "It is on its way again. The link before opens nothing any more.",
    "invited_too_often": "Not sent again: that is too many for one day. Nothing was changed.",
    "invitation_over": "That invitation was over already. Nothing was changed.",
    "invitation_withdrawn": "It is withdrawn, and opens nothing any more.",
    "late": "Somebody had answered that already. Nothing was changed.",
    **{name: deed.done for name, deed in deeds.DEEDS.items()},
    "as_before": "It was so already. Nothing was changed.",
    "person_added": "They can sign in from now on.",
    "person_deleted": "They are deleted, and all that was theirs.",
    "people_imported": "All of it is done.",
    "unlocked": "They can sign in by code again.",
    "frozen": "You let them in, but they froze their sign-in themselves: open it again too.",
    "reset": "It is taken away. They are told, and signed out everywhere.",
    "joined": "They are in that group now.",
    "left": "They are out of that group now.",
    "test_sent": "Handed over. Look whether it arrives.",
}
REFUSED = {
    Unchanged.LAST_ADMIN: "they are the last admin who can sign in. Make somebody else an admin "
    "first",
    Unchanged.DISABLED: "an operator or admin shut them out. Let them in again instead",
    Unchanged.FROZEN: "they froze their sign-in themselves. Open it again instead",
}
STANDINGS = {
    Standing.ACTIVE: "Can sign in",
    Standing.DISABLED: "Shut out by an admin or operator",
    Standing.FROZEN: "Frozen by themselves",
    Standing.CLOSED: "Closed after too many wrong codes",
}
STEPS = {Done.NEW: "is new", Done.CHANGED: "is changed", Done.SAME: "stays the same"}
CHANGED = {
    Changed.NAME_TAKEN: "there is an app of this name already",
    Changed.ADDRESS_TAKEN: "the host of this address is of another app already",
    Changed.STALE: "somebody changed this while you did. See how it is now, and send yours once "
    "more to put it in its place",
}
ANSWERED = {
    Outcome.BAD_DATE: "choose a day from tomorrow on, a year ahead at most",
    Outcome.STALE: "somebody changed the rules meanwhile. See which they would pass now, and send "
    "it once more",
    Outcome.IMPOSSIBLE: "this cannot be granted as things are",
}
CHANCES = {
    Chance.OPEN_ALREADY: "It is open to them by now. To grant it only tells them.",
    Chance.NO_RULE: "No rule covers this path, and what no rule covers is refused. "
    "Add a rule first.",
    Chance.NOBODY: "They cannot sign in any more.",
}
IMPORTED = {
    "added": "would be added",
    "changed": "would be changed",
    "same": "stays the same",
    "taken": "cannot be: its host is of another app already",
}
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
SENDER_RUNS = "This server sends by itself."
SENDER_WAITS = "This server sends by itself, from its first message on."
SENDER_ELSEWHERE = "Only flask worker sends. Where none runs, messages wait."
TAKEN_FROM_MAIL = (
    "Safari takes the marked digits out of Apple’s Mail and offers them in the field (from iOS 17 "
    "and macOS 14 on): they come first, and the word “code” stands beside them. Mail in the Gmail "
    "app is not read for that; there people read the digits off the list, or copy them."
)
TAKEN_FROM_HEADER = "The header OTP-Token carries them too; few programs read it yet."
TAKEN_FROM_TEXT = (
    "iPhones (from iOS 14 on) and Chrome on Android take the code out of the marked line, and "
    "offer it at {host} alone."
)
TAKEN_FROM_NOTHING = "There is no code in it to take."
NO_APP = "that is of no app behind the gate"
NO_USER = "that belongs to nobody who may sign in here"
NO_DAY = "write the last day as 2026-12-24"
OVER = "that day is over"
NO_PATH = "there is no rule for this path"
NAME_OF_KEY_TAKEN = "a program of this name has a key already"
OTHER_NAME = "type the name of the app to remove it"
TAKEN = "somebody has this address already"
OTHER_ADDRESS = "type their first address to delete them"
NO_GROUP = "a group has 1 to 40 of the letters a-z, digits and dashes"
NO_ROLE = "they are a member or an admin"
CHANGED_MEANWHILE = "something of this was changed meanwhile. See what it would do now"
GONE_PERSON = "This person is not there any more."
GONE_FACTOR = "This proof is not there any more."
GONE = "This app is not there any more."
GONE_RULE = "This rule is not there any more."
GONE_GUEST = "They are no guest any more."
GONE_KEY = "This key opens nothing any more."
GONE_REQUEST = "This request is not there any more."


def nobody(entries: list[str]) -> list[str]:
    """Return one sentence for each entry of a rule that names nobody."""
    return [
        f"{one} names nobody: say anyone, everyone, group:name or an address" for one in entries
    ]
