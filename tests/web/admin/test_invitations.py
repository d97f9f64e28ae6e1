"""Invitations on pages: sent to one or many, each bad line named, sent again, withdrawn, listed."""

import pytest

from otpapp.extensions import db
from otpapp.models import Event, Invitation, Message, Tally
from otpapp.transaction import transaction
from tests.web.helpers import notice, problem, rows, words

PAGE = "/admin/invitations"
NEW = f"{PAGE}/new"
DORA, ED = "dora@example.org", "ed@example.org"


def invite(admin, addresses: str = DORA, **more: str):
    admin.get(NEW)
    return admin.submit(NEW, addresses=addresses, **more)


def kept(app) -> list[tuple]:
    with app.app_context():
        found = db.session.scalars(db.select(Invitation).order_by(Invitation.id))
        return [(one.key, one.groups, one.role, one.days) for one in found]


def details(app, kind: str) -> list[str]:
    with app.app_context():
        return [one.detail for one in db.session.query(Event).filter_by(kind=kind)]


def table(page) -> str:
    return words(page.text).partition("Invite people")[2]


def press(admin, what: str, number: int = 1):
    admin.get(f"{PAGE}/{number}")
    return admin.follow(admin.submit(f"{PAGE}/{number}/{what}"))


def test_many_are_invited_at_once_one_a_line(admin, app, alice, mailbox):
    answer = invite(
        admin, f"{DORA}\r\n\r\n Ed@example.org \r\n{DORA}", groups="office, staff", days="14"
    )
    assert (answer.status_code, answer.location) == (303, PAGE)
    groups = ["office", "staff"]
    assert kept(app) == [(DORA, groups, "member", 14), (ED, groups, "member", 14)]
    sent = {mail["To"] for mail in mailbox.deliver()}
    assert {DORA, "Ed@example.org"} <= sent
    assert details(app, "invitation.made")[0] == f"member office staff by {alice.user_id}"
    page = admin.follow(answer)
    assert notice(page) == "They are invited, and their messages are on the way."
    said = table(page)
    assert "dora@example.org a member in office, staff, invited by alice@example.org" in said
    assert "Open until 17 March 2026, 12:00 UTC" in said


def test_a_week_and_a_member_are_usual(admin, app):
    invite(admin)
    assert kept(app) == [(DORA, [], "member", 7)]


def test_an_admin_can_be_invited(admin, app):
    invite(admin, role="admin")
    assert kept(app)[0][2] == "admin"
    assert "dora@example.org an admin" in table(admin.get(PAGE))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"addresses": ""}, "Say whom to invite, one address a line"),
        ({"addresses": f"{ED}\ndora@"}, "Line 2, dora@: enter an email address in full"),
        ({"addresses": "<b>"}, "Line 1, <b>: enter an email address or a phone number"),
        ({"groups": "office, A_b"}, "A_b is no name of a group: use a-z, 0-9 and dashes"),
        ({"days": "0"}, "Say for how many days, 1 to 30"),
        ({"days": "31"}, "Say for how many days, 1 to 30"),
        ({"days": "²"}, "Say for how many days, 1 to 30"),
    ],
)
def test_what_cannot_be_is_named_nobody_is_invited_and_nothing_is_lost(admin, app, typed, said):
    wanted = {"addresses": ED, "groups": "office", "days": "9", "role": "admin", **typed}
    page = invite(admin, **wanted)
    assert page.status_code == 422
    assert problem(page).startswith(said)
    assert kept(app) == []
    fields = admin.page.form(NEW)
    assert (fields["groups"], fields["days"]) == (wanted["groups"], wanted["days"])
    assert wanted["addresses"].split("\n")[-1] in words(page.text)
    assert 'value="admin" checked' in page.text


def test_each_bad_line_is_named(admin):
    page = invite(admin, f"dora@\n{ED}\nnobody")
    said = words(page.text)
    assert "There are 2 problems" in said
    assert "Line 1, dora@:" in said and "Line 3, nobody:" in said


def test_of_each_that_was_not_invited_it_says_why(admin, app, alice):
    invite(admin, "first@example.org")
    with app.app_context(), transaction():
        db.session.query(Tally).filter_by(limit="invitations_per_site").update({"times": 999})
    page = invite(admin, f"first@example.org\n{alice.address}\n{DORA}\n{ED}", groups="office")
    assert page.status_code == 200
    said = words(page.text)
    assert "first@example.org Was invited already, until 10 March 2026, 12:00 UTC." in said
    assert "alice@example.org Is a user already, and in these groups now." in said
    assert "dora@example.org Invited until 10 March 2026, 12:00 UTC" in said
    assert "ed@example.org Not invited: that is too many for today." in said
    assert len(kept(app)) == 2


def test_one_is_sent_again_with_a_new_link(admin, app, alice, clock, mailbox):
    invite(admin)
    mailbox.deliver()
    clock.advance(minutes=9)
    page = admin.get(f"{PAGE}/1")
    assert "With a new link, for 7 days from now." in words(page.text)
    assert notice(press(admin, "resend")) == (
        "It is on its way again. The link before opens nothing any more."
    )
    assert len([mail for mail in mailbox.deliver() if mail["To"] == DORA]) == 2
    assert details(app, "invitation.renewed") == [f"by {alice.user_id}"]
    assert "3 March 2026, 12:09 UTC, the 2. time" in words(admin.get(f"{PAGE}/1").text)


def test_too_often_is_said_and_changes_nothing(admin, app):
    invite(admin)
    for _ in range(4):
        press(admin, "resend")
    before = kept(app)
    assert notice(press(admin, "resend")).startswith(
        "Not sent again: that is too many for one day."
    )
    assert kept(app) == before


def test_withdrawing_shows_first_and_is_done_once(admin, app, alice):
    invite(admin)
    before = rows(app)
    assert "They are not told." in words(admin.get(f"{PAGE}/1").text)
    assert rows(app) == before
    form = admin.page.form(f"{PAGE}/1/withdraw")
    page = press(admin, "withdraw")
    assert notice(page) == "It is withdrawn, and opens nothing any more."
    assert "Nobody has an invitation to accept." in table(page)
    assert "dora@example.org a member, invited by alice@example.org Withdrawn" in table(page)
    assert details(app, "invitation.withdrawn") == [f"by {alice.user_id}"]
    for what in ("withdraw", "resend"):
        again = admin.follow(admin.post(f"{PAGE}/1/{what}", data=form))
        assert notice(again) == "That invitation was over already. Nothing was changed."
    assert "It is withdrawn. There is nothing more to do." in words(admin.get(f"{PAGE}/1").text)


def test_how_each_stands_is_said_in_words(admin, app, clock):
    invite(admin, f"{DORA}\n{ED}\nfay@example.org\ngil@example.org")
    with app.app_context(), transaction():
        by_key = {one.key[:3]: one for one in db.session.query(Invitation)}
        by_key["dor"].accepted_at = clock.now
        by_key["ed@"].ends_at = clock.now
        db.session.query(Message).filter_by(invitation_id=by_key["fay"].id).update(
            {"outcome": "given_up", "error": "no such box"}
        )
    said = table(admin.get(PAGE))
    assert "Accepted on 3 March 2026, 12:00 UTC" in said
    assert "Ran out on 3 March 2026, 12:00 UTC" in said
    assert "Not delivered: no such box" in said
    assert said.index("gil@example.org") < said.index("fay@example.org") < said.index(ED)


def test_earlier_ones_are_a_page_further(admin, app):
    invite(admin, "\n".join(f"dora{number}@example.org" for number in range(51)))
    first = admin.get(PAGE)
    assert "dora1@example.org" in words(first.text)
    assert "dora0@example.org" not in words(first.text)
    assert f'href="{PAGE}?before=2"' in first.text
    assert "dora0@example.org" in words(admin.get(f"{PAGE}?before=2").text)
    with app.app_context(), transaction():
        db.session.query(Invitation).update({"ends_at": db.session.get(Invitation, 1).created_at})
    assert f'href="{PAGE}?over=2"' in admin.get(PAGE).text


@pytest.mark.parametrize("before", ["x", "-1", "9" * 30, "²"])
def test_a_number_that_is_none_shows_the_first_page(admin, before):
    assert admin.get(f"{PAGE}?before={before}&over={before}").status_code == 200


def test_of_one_that_is_gone_it_says_so(admin, app):
    invite(admin)
    admin.get(f"{PAGE}/1")
    form = admin.page.form(f"{PAGE}/1/resend")
    with app.app_context(), transaction():
        db.session.query(Message).delete()
        db.session.query(Invitation).delete()
    for answer in (admin.get(f"{PAGE}/1"), admin.post(f"{PAGE}/1/resend", data=form)):
        assert answer.status_code == 404
        assert "This invitation is not there any more." in words(answer.text)


def test_what_was_typed_is_kept_where_the_proof_is_not_fresh_any_more(admin, app, clock):
    admin.get(NEW)
    clock.advance(minutes=11)
    page = admin.submit(NEW, addresses=DORA)
    assert "Not sent yet" in page.text and DORA in page.text
    assert kept(app) == []
