"""The audit trail of one person in plain words, one sentence a story.

The sentences call the person `who`: "You" to themselves, an address to somebody else.
"""

from collections import Counter

from otpapp.delivery import notices
from otpapp.models import Event
from otpapp.rules import events, known_browsers
from otpapp.rules.account.activity import ANSWERS, Story
from otpapp.rules.verdicts import Verdict
from otpapp.web.looks import PROOFS

SAYS = {
    "access.announced": "An admin’s answer was asked for: {subject} wants access to an app.",
    "access.answered": "The request for access to {subject} was answered.",
    "access.asked": "{who} asked for access to {subject}{where}.",
    "access.granted": "{who} gave {subject} access to {detail}.",
    "access.refused": "{who} refused {subject} access to {detail}.",
    "access_key.ended": "{who} ended the access key “{subject}” of {detail}.",
    "access_key.made": "{who} made the access key “{subject}” for {detail}.",
    "app.added": "{who} put the app {subject} behind the gate.",
    "app.changed": "{who} changed the app {subject}.",
    "app.entered": "{who} opened {subject}{where}.",
    "app.removed": "{who} took the app {subject} from behind the gate.",
    "browser.forgotten": "The known browser {detail} was forgotten{where}.",
    "browsers.distrusted": "Browsers that were trusted ask for a second proof again: {detail}.",
    "browsers.forgotten": "Known browsers were forgotten: {detail}.",
    "codes.reopened": "Signing in by code was opened again by whoever runs the site.",
    "codes.resumed": "Codes for strangers were let come again{where}.",
    "codes.stopped": "Codes were stopped for a day by the link in a message{where}.",
    "events.exported": "{who} saved what happened here as a file, {detail}.",
    "factors.reset": "Whoever runs this site took second proofs away: {detail}.",
    "group.joined": "{who} joined the group {detail}.",
    "group.left": "{who} left the group {detail}.",
    "guest.ended": "{who} ended that {subject} is a guest of {detail}.",
    "guest.let_in": "{who} made {subject} a guest of {detail}.",
    "identifier.added": "The address {subject} was added{where}.",
    "identifier.first": "{who} put {subject} first{where}.",
    "identifier.removed": "The address {subject} was removed{where}.",
    "identifier.taken": "The address {subject} was not added: it belongs to another sign-in here.",
    "invitation.accepted": "The invitation of {subject} was accepted{where}.",
    "invitation.given_up": "The invitation of {subject} could not be sent.",
    "invitation.made": "An invitation was made for {subject}.",
    "invitation.renewed": "The invitation of {subject} was made anew.",
    "invitation.sent": "An invitation was sent to {subject}.",
    "invitation.withdrawn": "The invitation of {subject} was withdrawn.",
    "notice.given_up": "A notice to {subject} could not be sent.",
    "notice.sent": "A notice was sent to {subject}.",
    "role.given": "{who} became {detail} here.",
    "session.ended": "{who} signed out{where}.",
    "session.ended_elsewhere": "{who} signed out everywhere else{where}. Sessions ended: {detail}.",
    "session.ended_everywhere": "Whoever runs this site ended every session.",
    "session.ended_there": "{who} ended the session of {detail}{where}.",
    "test.asked": "{who} had a test message sent to {subject}{where}.",
    "test.failed": "A test message to {subject} could not be sent.",
    "test.sent": "A test message to {subject} was handed over.",
    "user.exported": "{who} saved a file of all that is stored here{where}.",
    "user.created": "{who} became known here as {subject}.",
    "user.deleted": "The sign-in of {subject} was deleted, with all that was stored.",
    "user.disabled": "Whoever runs this site let nobody sign in here as {subject}.",
    "user.stays": "Nothing is deleted after all{where}.",
    "user.enabled": "Whoever runs this site let {subject} sign in again.",
}
TOLD_BY_NOTICES = frozenset(key.partition(" ")[0] for key in notices.SAYS) - SAYS.keys()
LONELY = {"message.given_up": "A code could not be sent.", "message.sent": "A code was sent."}
TIMES = {1: "once", 2: "twice"}


def tell(story: Story, who: str = "You") -> str:
    """Return what happened, in one sentence or two."""
    last, kinds = story.last, {one.kind for one in story.events}
    if "session.started" in kinds:
        return _of_a_code(story, who)
    if changed := [one for one in story.events if one.kind in TOLD_BY_NOTICES]:
        return notices.says(changed[-1], "")
    template = SAYS.get(last.kind)
    if template is None:
        return _of_a_code(story, who)
    return template.format(who=who, where=_where(last), subject=last.subject, detail=_detail(last))


def _detail(event: Event) -> str:
    articles = {"admin": "an admin", "member": "a member"}
    detail, _ = events.doer(event)  # whoever did it stays unnamed to whom it was done
    return articles.get(detail, detail) if event.kind == "role.given" else detail


def _where(event: Event) -> str:
    return f", from {event.browser}" if event.browser else ""


def _of_a_code(story: Story, who: str) -> str:
    """Tell how it ended, and how it came to that where something went wrong on the way."""
    by_kind = {one.kind: one for one in story.events}
    wrong = _wrong(story)
    if begun := by_kind.get("session.started"):
        first = ", for the first time" if known_browsers.MET in by_kind else ""
        before = f" Wrong answers before: {wrong}." if wrong else ""
        return f"{who} signed in with {_proofs(begun)}{_where(begun)}{first}.{before}"
    if fresh := by_kind.get("session.stepped_up"):
        return f"A fresh proof was shown: {_proofs(fresh)}{_where(fresh)}."
    return _unfinished(story, by_kind, wrong)


def _unfinished(story: Story, by_kind: dict[str, Event], wrong: int) -> str:
    """Tell of a proof that led to no session."""
    answered = next((one for one in reversed(story.events) if one.kind in ANSWERS), None)
    if adding := by_kind.get("identifier.asked"):
        return f"A code to add {adding.subject} was asked for{_where(adding)}{_typed(answered)}."
    asked = by_kind.get("code.asked") or by_kind.get("code.asked_again")
    if answered and answered.verdict == Verdict.ACCEPTED:
        return f"{_proof(answered)} was accepted{_where(answered)}; more was asked for."
    late = "and answered too late" if answered else "not used"
    if asked:
        unsent = "but could not be sent" if "message.given_up" in by_kind else late
        end = f"and answered wrong {TIMES.get(wrong, f'{wrong} times')}" if wrong else unsent
        return f"A code was asked for{_where(asked)}, {end}."
    if answered:
        what = "A wrong answer" if wrong else "An answer that came too late"
        return f"{what} was given for {_proof(answered).lower()}{_where(answered)}."
    return LONELY.get(story.last.kind, story.last.kind)


def _typed(answered: Event | None) -> str:
    if answered is None:
        return ", not used"
    return " and typed" if answered.verdict == Verdict.ACCEPTED else ", and answered wrong"


def _wrong(story: Story) -> int:
    found = Counter(one.verdict for one in story.events if one.kind in ANSWERS)
    return found[Verdict.WRONG] + found[Verdict.LOCKED]


def _proofs(event: Event) -> str:
    return " and ".join(PROOFS[factor] for factor in event.detail.split())


def _proof(event: Event) -> str:
    words = PROOFS.get(event.detail, "a code")
    return words[0].upper() + words[1:]
