"""Inviting: once an address, bounded, sent again with a new link, withdrawn, listed, forgotten."""

from datetime import timedelta

import pytest

from otpapp.extensions import db
from otpapp.models import Identifier, Invitation, Message, Tally, User
from otpapp.rules import groups, upkeep, users
from otpapp.rules.people import invitations, picture
from otpapp.rules.people.invitations import Standing
from otpapp.rules.people.inviting import Invited, Outcome
from otpapp.transaction import transaction
from tests.conftest import NOON
from tests.rules.desk import count, in_parallel
from tests.rules.people.crowd import ADMIN, add, address, trail
from tests.rules.people.guests_to_be import DORA, invite, link, resend, row, standing, withdraw

WEEK = NOON + timedelta(days=7)


def listed(desk, *, are_open: bool = True, **part) -> list[str]:
    db.session.rollback()
    which = invitations.open_ones if are_open else invitations.over
    return [one.invitation.key for one in which(desk.clock.now, **part).invitations]


class TestInviting:
    """A row, a message and an event, together, and nobody is a user by it."""

    def test_it_is_kept_with_what_it_gives_and_goes_out(self, desk):
        found = invite(desk, "Dora@example.org", ADMIN, groups=frozenset({"staff", "office"}))
        assert found == Invited(Outcome.INVITED, WEEK)
        one = row()
        assert (one.channel, one.key, one.address) == ("email", DORA, "Dora@example.org")
        assert (one.groups, one.role, one.invited_by) == (["office", "staff"], "member", ADMIN)
        assert (one.created_at, one.ends_at, one.times) == (NOON, WEEK, 1)
        message = db.session.query(Message).one()
        assert (message.kind, message.invitation_id, message.due_at) == ("invitation", 1, NOON)
        made = ("invitation.made", None, DORA, f"member office staff by {ADMIN}")
        assert trail() == [made]
        assert count(User) == 0

    def test_of_many_groups_the_trail_names_what_it_has_room_for(self, desk):
        invite(desk, by=ADMIN, groups=frozenset(f"a-group-with-number-{one}" for one in range(20)))
        ((_, _, _, detail),) = trail()
        assert detail.endswith(f" by {ADMIN}")
        assert len(detail) <= 200

    def test_a_number_is_invited_by_text_message(self, desk):
        assert invite(desk, "+1 202 555 0143").outcome is Outcome.INVITED
        assert db.session.query(Message).one().channel == "sms"

    @pytest.mark.parametrize("days", [1, 30])
    def test_it_runs_for_as_long_as_it_is_meant_to(self, desk, days):
        invite(desk, days=days)
        token = link(desk)
        desk.clock.now = NOON + timedelta(days=days, microseconds=-1)
        assert standing(desk, token) is Standing.OPEN
        desk.clock.advance(microseconds=1)
        assert standing(desk, token) is Standing.RAN_OUT


class TestWhoCannotBeInvited:
    """One open invitation an address, and none for who is a user."""

    def test_who_is_invited_already_stays_so(self, desk):
        invite(desk, groups=frozenset({"office"}))
        desk.clock.advance(days=1)
        assert invite(desk, groups=frozenset({"staff"})) == Invited(Outcome.ALREADY, WEEK)
        assert row().groups == ["office"]
        assert count(Message) == 1

    def test_who_was_invited_already_costs_no_message(self, desk):
        invite(desk)
        for _ in range(9):
            assert invite(desk).outcome is Outcome.ALREADY
        assert resend(desk).outcome is Outcome.INVITED

    def test_a_user_gets_the_groups_at_once(self, desk):
        user_id = add(desk, DORA)
        found = invite(desk, by=ADMIN, groups=frozenset({"office"}), role="admin")
        assert found == Invited(Outcome.MEMBER)
        assert groups.of(user_id) == ("office",)
        assert db.session.get(User, user_id).role == "member"
        assert (count(Invitation), count(Message)) == (0, 0)
        assert trail("group.joined") == [("group.joined", user_id, "", f"office by {ADMIN}")]

    def test_an_address_that_somebody_took_out_is_theirs_for_a_while(self, desk):
        add(desk, "ed@example.org", DORA)
        with transaction():
            db.session.query(Identifier).filter_by(key=DORA).update({"removed_at": NOON})
        assert invite(desk) == Invited(Outcome.TAKEN)
        assert count(Invitation) == 0

    def test_once_it_ran_out_or_was_withdrawn_they_can_be_invited_anew(self, desk):
        invite(desk)
        desk.clock.advance(days=7)
        assert invite(desk).outcome is Outcome.INVITED
        (number,) = db.session.scalars(db.select(Invitation.id))
        assert withdraw(desk, number)
        assert invite(desk).outcome is Outcome.INVITED

    def test_of_two_who_do_it_at_once_one_does(self, desk, app):
        found = in_parallel(app, 4, lambda _: invite(desk).outcome)
        assert sorted(found) == [*[Outcome.ALREADY] * 3, Outcome.INVITED]
        assert (count(Invitation), count(Message)) == (1, 1)


class TestLimits:
    """X20: an admin's session in wrong hands is no mailer; codes are not held up by it."""

    def test_five_a_day_to_one_address_tags_folded(self, desk):
        for number in range(5):
            assert invite(desk, f"dora+{number}@example.org").outcome is Outcome.INVITED
        limited = Invited(Outcome.LIMITED, NOON + timedelta(days=1))
        assert invite(desk) == resend(desk) == limited
        assert count(Invitation) == count(Message) == 5
        assert ("limit.reached", None, DORA, "invitations_per_address") in trail()
        desk.clock.advance(days=1)
        assert resend(desk).outcome is Outcome.INVITED

    def test_a_thousand_a_day_of_the_site(self, desk):
        invite(desk)
        with transaction():
            db.session.query(Tally).filter_by(limit="invitations_per_site").update({"times": 1000})
        assert invite(desk, "ed@example.org").outcome is Outcome.LIMITED
        assert invite(desk).outcome is Outcome.ALREADY

    def test_text_messages_draw_on_those_of_notices(self, desk):
        desk.use(limit_sms_per_day=1)
        assert invite(desk, "+12025550143").outcome is Outcome.INVITED
        assert invite(desk, "+12025550144").outcome is Outcome.LIMITED
        assert invite(desk).outcome is Outcome.INVITED

    def test_codes_have_budgets_of_their_own(self, desk, alice):
        desk.use(limit_sends_per_identifier=1)
        invite(desk)
        resend(desk)
        add(desk, DORA)
        assert desk.ask(DORA)


class TestSendingAgain:
    """A new link, for as long again; the one before opens nothing."""

    def test_only_the_newest_link_opens_it(self, desk):
        invite(desk)
        old = link(desk)
        desk.clock.advance(days=6)
        again = NOON + timedelta(days=13)
        assert resend(desk, by=ADMIN) == Invited(Outcome.INVITED, again)
        assert standing(desk, old) is Standing.REPLACED
        assert standing(desk, link(desk)) is Standing.OPEN
        assert (row().ends_at, row().times, row().created_at) == (again, 2, NOON)
        assert trail("invitation.renewed") == [("invitation.renewed", None, DORA, f"by {ADMIN}")]

    def test_what_still_waits_is_not_sent_twice(self, desk):
        invite(desk)
        with transaction():
            db.session.query(Message).update({"due_at": WEEK})
        resend(desk)
        assert db.session.query(Message).one().due_at == NOON

    def test_one_that_was_sent_is_sent_once_more(self, desk):
        invite(desk)
        with transaction():
            db.session.query(Message).update({"ended_at": NOON, "outcome": "sent"})
        resend(desk)
        assert count(Message) == 2

    def test_one_that_ran_out_comes_back(self, desk):
        invite(desk)
        desk.clock.advance(days=8)
        assert resend(desk).outcome is Outcome.INVITED
        assert standing(desk, link(desk)) is Standing.OPEN

    def test_what_is_withdrawn_or_not_there_is_over(self, desk):
        invite(desk)
        withdraw(desk)
        assert resend(desk) == resend(desk, 99) == Invited(Outcome.OVER)
        assert standing(desk, link(desk)) is Standing.WITHDRAWN
        assert trail("invitation.renewed") == []


def test_withdrawn_is_withdrawn_once(desk):
    invite(desk)
    assert withdraw(desk, by=ADMIN)
    assert not withdraw(desk)
    assert not withdraw(desk, 99)
    assert trail("invitation.withdrawn") == [("invitation.withdrawn", None, DORA, f"by {ADMIN}")]


class TestLists:
    """The newest first, a part at a time, each with what its message met."""

    def test_open_ones_and_others_are_apart(self, desk):
        for name in ("a", "b", "c", "d"):
            invite(desk, f"{name}@example.org", days=1 if name == "d" else 7)
        withdraw(desk, 2)
        desk.clock.advance(days=2)
        assert listed(desk) == ["c@example.org", "a@example.org"]
        assert listed(desk, are_open=False) == ["d@example.org", "b@example.org"]

    def test_a_page_goes_on_where_the_one_before_ended(self, desk):
        for name in "abc":
            invite(desk, f"{name}@example.org")
        first = invitations.open_ones(NOON, most=2)
        assert [one.invitation.key[0] for one in first.invitations] == ["c", "b"]
        last = invitations.open_ones(NOON, first.before, most=2)
        assert [one.invitation.key[0] for one in last.invitations] == ["a"]
        assert last.before == 0

    def test_it_says_who_sent_it_and_why_it_did_not_arrive(self, desk):
        invite(desk, by=add(desk, "boss@example.org"))
        invite(desk, "ed@example.org", by=ADMIN)
        with transaction():
            db.session.query(Message).filter_by(invitation_id=1).update({"outcome": "sent"})
            db.session.query(Message).filter_by(invitation_id=2).update({"error": "no such box"})
        ed, dora = invitations.open_ones(NOON).invitations
        assert (dora.by, dora.outcome, dora.trouble) == ("boss@example.org", "sent", "")
        assert invitations.inviter(dora.invitation) == "boss@example.org"
        assert (ed.by, ed.outcome, ed.trouble) == ("", "", "no such box")

    def test_without_a_message_it_is_not_sent(self, desk):
        invite(desk)
        with transaction():
            db.session.query(Message).delete()
        (one,) = invitations.open_ones(NOON).invitations
        assert (one.outcome, one.trouble, one.standing) == ("", "", Standing.OPEN)


class TestTheEnd:
    """They go by themselves, and none outlives a backup that was put back."""

    def test_a_month_after_it_ran_out_it_is_forgotten(self, desk):
        invite(desk)
        token = link(desk)
        with transaction():
            desk.clock.now = WEEK + timedelta(days=30, microseconds=-1)
            assert invitations.forget_old(desk.clock.now) == 0
            assert invitations.forget_old(desk.clock.advance(microseconds=1)) == 1
        assert (count(Invitation), count(Message)) == (0, 0)
        assert standing(desk, token) is Standing.REPLACED
        assert trail("invitations.forgotten") == [("invitations.forgotten", None, "", "1")]

    def test_one_that_came_back_with_a_backup_opens_nothing(self, desk):
        invite(desk)
        token = link(desk)
        with transaction():
            upkeep.end_everything(desk.clock.now)
        assert standing(desk, token) is Standing.WITHDRAWN

    def test_a_number_that_comes_again_is_another_invitation(self, desk):
        """X49."""
        invite(desk)
        token = link(desk)
        with transaction():
            db.session.query(Invitation).delete()
        invite(desk, "ed@example.org")
        with transaction():
            db.session.query(Message).delete()
            db.session.query(Invitation).update({"id": 1})
        assert standing(desk, token) is Standing.REPLACED

    def test_of_a_user_who_is_deleted_nothing_is_left(self, desk):
        invite(desk)
        with transaction():
            owner = users.create(address(desk, DORA), desk.settings, NOON)
            db.session.query(Invitation).update({"accepted_at": NOON, "user_id": owner.user_id})
        with transaction():
            db.session.execute(db.delete(User))
        assert picture.whose(address(desk, DORA)) is None
        assert count(Invitation) == 0
