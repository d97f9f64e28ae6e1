"""Taking factors from a person who cannot do it: a phone was lost, or is in wrong hands."""

from datetime import UTC, datetime
from uuid import UUID

from otpapp.rules import events, evicting, sessions, users
from otpapp.rules.factors import changes, credentials
from otpapp.rules.people.outcomes import Change, Outcome, unchanged
from otpapp.settings import Settings

_EVER = datetime.fromtimestamp(0, UTC)


def reset(
    user_id: UUID,
    number: UUID | None,
    settings: Settings,
    now: datetime,
    by: UUID | None = None,
) -> Change:
    """Take one factor of a user away, or all and their recovery codes; end all that they have open.

    They are told by notices. X52: who holds a factor of somebody else's has sessions that rest on
    it. SAME where there is none. `by` is the admin who does it; at the command line nobody.
    """
    credentials.lock(user_id)  # of two admins at once the second finds what the first left
    if number:
        taken = int(changes.withdraw_one(user_id, number, settings, now))
    else:
        taken = changes.withdraw(user_id, _EVER, settings, now)
    if not taken:
        return unchanged(user_id)
    evicting.end_under_way(user_id, now)
    ended = sessions.end_all(user_id, now)
    key = next((one.key for one in users.addresses_of(user_id)), "")
    detail = events.by(by, str(taken))
    events.record("factors.reset", now, user_id=user_id, subject=key, detail=detail)
    return Change(Outcome.DONE, ended)
