"""`flask users forget-browsers` makes strangers of the browsers that signed somebody in before."""

from otpapp.extensions import db
from otpapp.models import Event, KnownBrowser
from tests.helpers.browser import new_browser
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, is_in, sign_in


def forget(app, identifier: str):
    return app.test_cli_runner().invoke(args=["users", "forget-browsers", identifier])


def test_they_are_strangers_from_then_on_and_stay_signed_in(app, client, alice, clock):
    sign_in(client)
    clock.advance(minutes=2)
    sign_in(new_browser(app), 2)
    result = forget(app, " ALICE@example.org")
    assert (result.exit_code, result.output) == (0, "2 browsers of ALICE@example.org forgotten.\n")
    with app.app_context():
        assert {row.revoked_at for row in db.session.query(KnownBrowser)} == {clock.now}
        event = db.session.query(Event).order_by(Event.id.desc()).first()
        assert (event.kind, event.user_id, event.detail) == (
            "browsers.forgotten",
            alice.user_id,
            "2",
        )
    assert is_in(client)


def test_one_that_signs_in_again_is_known_anew(app, client, alice, clock):
    sign_in(client)
    forget(app, ALICE)
    assert forget(app, ALICE).output == "0 browsers of alice@example.org forgotten.\n"
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    client.ask(ALICE)
    assert client.answer(RFC_CODES[2]).status_code == 303
    assert forget(app, ALICE).output == "1 browser of alice@example.org forgotten.\n"
