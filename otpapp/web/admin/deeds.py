"""What an admin can do to a person after one question: the words of it, and the rule that does it.

The places of a person in the sentences are `{who}`, their first address.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from otpapp.rules import roles
from otpapp.rules.people import standing
from otpapp.rules.people.outcomes import Change, Outcome

OUT_TOO = "You are signed out too, and sign in anew."
NO_WAY_BACK = "You are out at once, and cannot take it back: another admin has to."


@dataclass(frozen=True)
class Deed:
    """One thing to do: the question, what comes of it, and what is said when it is done.

    `to_me` is said to an admin who does it to themself.
    """

    title: str
    lead: str
    button: str
    done: str
    do: Callable[[UUID, datetime, UUID], Change]
    to_me: str = ""
    is_alarming: bool = False


def _sign_out(user_id: UUID, now: datetime, by: UUID) -> Change:
    return Change(Outcome.DONE, standing.sign_out(user_id, now, by))


def _forget_browsers(user_id: UUID, now: datetime, by: UUID) -> Change:
    standing.forget_browsers(user_id, now, by)
    return Change(Outcome.DONE)


DEEDS = {
    "disable": Deed(
        "Shut {who} out?",
        "They cannot sign in any more, and all that they have open ends at once: sessions, codes "
        "and apps behind the gate. Nothing of theirs is deleted, and you can let them in again.",
        "Shut them out",
        "They cannot sign in any more.",
        standing.disable,
        NO_WAY_BACK,
        is_alarming=True,
    ),
    "enable": Deed(
        "Let {who} in again?",
        "They can sign in again, with the same addresses, proofs and groups as before.",
        "Let them in again",
        "They can sign in again.",
        standing.enable,
    ),
    "end-sessions": Deed(
        "Sign {who} out everywhere?",
        "Every session of theirs ends, and every sign-in under way. They may sign in again.",
        "Sign them out",
        "They are signed out everywhere.",
        _sign_out,
        OUT_TOO,
    ),
    "forget-browsers": Deed(
        "Forget the browsers of {who}?",
        "For when one was lost or stolen: every browser that signed them in before is treated as a "
        "stranger’s, and asks for all proofs again. Nobody is signed out by it.",
        "Forget them",
        "Their browsers are strangers now.",
        _forget_browsers,
    ),
    "make-admin": Deed(
        "Make {who} an admin?",
        "They can open these pages, and change all that you can. They are signed out, and sign in "
        "with what admins have to prove.",
        "Make them an admin",
        "They are an admin now.",
        lambda user_id, now, by: roles.give(user_id, "admin", now, by),
    ),
    "make-member": Deed(
        "Make {who} a member?",
        "They open these pages no more. They are signed out, and sign in anew.",
        "Make them a member",
        "They are a member now.",
        lambda user_id, now, by: roles.give(user_id, "member", now, by),
        "You open these pages no more, and cannot take it back: another admin has to.",
    ),
}
