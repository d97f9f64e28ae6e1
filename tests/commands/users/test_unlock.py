"""`flask users unlock` lets somebody in again after too many wrong codes."""

import pytest

from otpapp.extensions import db
from otpapp.models import Event, RecoveryCode, User
from otpapp.rules import freezing
from otpapp.rules.factors import changes, credentials, recovery_codes
from otpapp.rules.visitor import Visitor
from otpapp.transaction import transaction
from tests.helpers.mailbox import text_of
from tests.helpers.people import RFC_CODES
from tests.web.helpers import ALICE, WRONG, disable, sign_in

HERE = Visitor("192.0.2.1", "Firefox on Linux")


def reopen(app, *args: str, answer: str = ""):
    return app.test_cli_runner().invoke(args=["users", "unlock", *args], input=answer)


@pytest.fixture
def add(app, alice, settings, clock):
    """Return what gives Alice one more authenticator app."""

    def add(name: str) -> None:
        with app.app_context(), transaction():
            number = credentials.add(alice.user_id, "totp", name, b"k" * 20, clock.now, settings)
            args = (alice.user_id, "totp", name, HERE, settings, clock.now)
            changes.enrolled(*args, number=number)

    return add


@pytest.fixture
def freeze(app, alice, settings, clock):
    """Return what freezes Alice, as the link in a notice does."""

    def freeze() -> None:
        with app.app_context(), transaction():
            assert freezing.freeze(alice.user_id, HERE, settings, clock.now)

    return freeze


def names(app, alice) -> list[str]:
    with app.app_context():
        return [one.name for one in credentials.of(alice.user_id)]


def is_disabled(app, alice) -> bool:
    with app.app_context():
        return db.session.get(User, alice.user_id).disabled_at is not None


@pytest.fixture
def overrides() -> dict:
    """A way in that closes soon."""
    return {"limit_failures_in_a_row": 3}


def test_a_way_in_that_was_closed_is_open_again(app, client, alice):
    client.ask(ALICE)
    for _ in range(3):
        client.answer(WRONG)
    assert client.answer(RFC_CODES[1]).status_code == 429
    result = reopen(app, " ALICE@example.org")
    assert (result.exit_code, result.output) == (
        0,
        "ALICE@example.org can sign in by code again.\n",
    )
    assert client.answer(RFC_CODES[1]).status_code == 303


def test_it_is_written_down(app, alice, clock):
    reopen(app, ALICE)
    with app.app_context():
        (event,) = db.session.query(Event)
        assert (event.kind, event.user_id, event.at) == (
            "codes.reopened",
            alice.user_id,
            clock.now,
        )


def test_who_was_frozen_by_its_owner_can_sign_in_again(app, client, alice, freeze):
    freeze()
    assert reopen(app, ALICE).output == f"{ALICE} can sign in by code again.\n"
    sign_in(client)


def test_whom_an_operator_disabled_stays_disabled(app, alice, clock):
    disable(app, alice, clock.now)
    result = reopen(app, "--undo", ALICE)
    assert (result.exit_code, is_disabled(app, alice)) == (1, True)
    assert "was shut out by an operator: see flask users enable." in result.output


@pytest.mark.parametrize(
    ("args", "answer", "left", "says"),
    [
        (["--undo"], "", ["old"], "Taken away: an authenticator app, “new”."),
        (["--keep"], "", ["old", "new"], "Still there: an authenticator app, “new”."),
        ([], "y\n", ["old"], "Taken away: an authenticator app, “new”."),
        ([], "\n", ["old"], "Taken away: an authenticator app, “new”."),
        ([], "n\n", ["old", "new"], "Still there: an authenticator app, “new”."),
    ],
)
def test_what_was_added_before_it_was_frozen_is_taken_away_or_kept(
    app, alice, add, freeze, clock, args, answer, left, says
):
    add("old")
    clock.advance(hours=1)
    add("new")
    clock.advance(hours=72)
    freeze()
    clock.advance(days=9)
    result = reopen(app, *args, ALICE, answer=answer)
    assert result.exit_code == 0, result.output
    assert names(app, alice) == left
    assert says in result.output.splitlines()
    assert not is_disabled(app, alice)


def test_where_nobody_answers_nothing_is_opened(app, alice, add, freeze):
    add("new")
    freeze()
    result = reopen(app, ALICE)
    assert result.exit_code == 1
    assert "before it was frozen: an authenticator app, “new”." in result.output
    assert is_disabled(app, alice)
    assert names(app, alice) == ["new"]


def test_recovery_codes_made_before_it_was_frozen_are_taken_away_too(app, alice, freeze, clock):
    with app.app_context(), transaction():
        recovery_codes.enrol(alice.user_id, recovery_codes.new_codes(), clock.now)
    freeze()
    assert "Taken away: new recovery codes." in reopen(app, "--undo", ALICE).output
    with app.app_context():
        assert db.session.query(RecoveryCode).count() == 0


def test_it_takes_away_what_is_new_of_somebody_who_was_not_frozen(app, alice, add, clock):
    add("old")
    clock.advance(hours=73)
    add("new")
    assert "Taken away" in reopen(app, "--undo", ALICE).output
    assert names(app, alice) == ["old"]
    clock.advance(hours=73)
    assert "Nothing was added in the 72 hours before." in reopen(app, "--undo", ALICE).output


def test_nothing_is_said_of_new_factors_where_somebody_is_only_reopened(app, alice, add):
    add("new")
    assert len(reopen(app, ALICE).output.splitlines()) == 1


def test_the_notices_of_it_bring_nothing_back(app, client, alice, add, freeze, mailbox):
    """Who added the factor may read the mails as well."""
    sign_in(client)
    add("new")
    freeze()
    sent = len(mailbox.deliver())
    reopen(app, "--undo", ALICE)
    texts = [text_of(mail) for mail in mailbox.deliver()[sent:]]
    assert len(texts) == 2
    assert "was taken from your Example sign-in by whoever runs the site." in texts[0]
    assert "was opened again by whoever runs the site." in texts[1]
    assert "http" not in "".join(texts)
