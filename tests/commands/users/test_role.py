"""`flask users role` makes admins and members, who then have to prove what their role demands."""

from otpapp.extensions import db
from otpapp.models import Event
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, is_in, sign_in


def give(app, *args: str):
    return app.test_cli_runner().invoke(args=["users", "role", *args])


def test_an_admin_signs_in_anew_and_shows_two_proofs(app, client, alice, clock):
    sign_in(client)
    result = give(app, ALICE, "admin")
    assert (result.exit_code, result.output) == (
        0,
        "alice@example.org is admin now. 1 session ended.\n",
    )
    assert not is_in(client)
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert client.answer(RFC_CODES[2]).location == "/prove"


def test_it_is_in_the_trail_once(app, client, alice):
    give(app, ALICE, "admin")
    assert give(app, ALICE, "admin").output == "alice@example.org is admin now. 0 sessions ended.\n"
    with app.app_context():
        (event,) = db.session.query(Event).filter_by(kind="role.given")
        assert (event.user_id, event.detail) == (alice.user_id, "admin")


def test_a_role_that_there_is_not_is_refused(app, alice):
    result = give(app, ALICE, "king")
    assert result.exit_code == 2
    assert "'king' is not one of 'member', 'admin'" in result.output


def test_nobody_has_no_role(app, alice):
    assert give(app, "nobody@example.org", "admin").exit_code == 1
