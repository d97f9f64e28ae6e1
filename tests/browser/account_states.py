"""The account pages: how to come there, and words that stand there."""

from tests.browser.admin_states import run
from tests.browser.factor_states import by_app, one_app
from tests.browser.somebody import Somebody

NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
OF_ADA = "user_id = (SELECT user_id FROM identifiers WHERE key = ?)"


def you(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account")


def you_with_much(ada: Somebody) -> None:
    you(ada)
    run(
        ada.site,
        "INSERT INTO identifiers (user_id, channel, key, address, created_at) "
        "SELECT user_id, 'email', 'second-' || key, 'second-' || address, created_at "
        "FROM identifiers WHERE key = ?",
        ada.address,
    )
    for name in ("a-group-with-a-very-long-name-of-forty-let", "staff", "board"):
        run(
            ada.site,
            "INSERT INTO memberships (user_id, name, created_at) "
            "SELECT user_id, ?, created_at FROM identifiers WHERE key = ?",
            name[:40],
            ada.address,
        )
    ada.page.reload()


def one_session(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account/sessions")


def elsewhere(ada: Somebody) -> None:
    ada.sign_in()
    ada.page.context.clear_cookies()
    ada.site.let_pass(minutes=2)
    ada.ask("/sign-in?next=/account/sessions")
    ada.answer(ada.site.code_for(ada.address, nth=2))


def ended_there(ada: Somebody) -> None:
    elsewhere(ada)
    with ada.page.expect_navigation():
        ada.page.get_by_role("button", name="End this one").click()


def many_sessions(ada: Somebody) -> None:
    one_session(ada)
    run(
        ada.site,
        NUMBERS + "INSERT INTO user_sessions (token_hash, user_id, door, proofs, keep, "
        "idle_seconds, ip, browser, created_at, seen_at, expires_at) SELECT randomblob(32), "
        "user_id, CASE i % 2 WHEN 0 THEN 'api' ELSE 'page' END, proofs, i % 3, idle_seconds, "
        "'2001:db8:1234:5678:9abc:def0:1234:5678', 'Samsung Internet on Android', created_at, "
        f"seen_at, expires_at FROM user_sessions, n WHERE {OF_ADA}",
        ada.address,
    )
    run(
        ada.site,
        NUMBERS + "INSERT INTO known_browsers (token_hash, user_id, ip, browser, created_at, "
        "seen_at) SELECT randomblob(32), user_id, '2001:db8:1234:5678:9abc:def0:1234:5678', "
        f"'Samsung Internet on Android', created_at, seen_at FROM known_browsers, n WHERE {OF_ADA}",
        ada.address,
    )
    ada.page.reload()


def ending_elsewhere(ada: Somebody) -> None:
    elsewhere(ada)
    ada.page.get_by_role("link", name="Sign out everywhere else").click()


def all_forgotten(ada: Somebody) -> None:
    one_session(ada)
    with ada.page.expect_navigation():
        ada.page.get_by_role("button", name="Forget it").click()


def trusted(ada: Somebody) -> None:
    by_app(ada)
    ada.page.get_by_label("Trust this browser for 30 days").check()
    ada.page.get_by_label("Code from your app").fill(ada.app_code())
    ada.press("Continue")
    ada.open("/account/sessions")


def what_happened(ada: Somebody) -> None:
    one_app(ada)
    ada.open("/account/activity")


def much_happened(ada: Somebody) -> None:
    ada.sign_in()
    run(
        ada.site,
        NUMBERS + "INSERT INTO events (at, kind, user_id, subject, verdict, ip, browser, detail) "
        "SELECT created_at, 'session.ended', user_id, '', '', "
        "'2001:db8:1234:5678:9abc:def0:1234:5678', 'Samsung Internet on Android', '' "
        f"FROM identifiers, n WHERE {OF_ADA}",
        ada.address,
    )
    ada.open("/account/activity")


def nothing_older(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account/activity?before=1")


def exporting(ada: Somebody) -> None:
    ada.sign_in("/sign-in?next=/account/export")


ACCOUNT = {
    you: "Where codes reach you",
    you_with_much: "board, staff",
    one_session: "You are signed in nowhere else.",
    elsewhere: "End this one",
    ended_there: "That session is over",
    many_sessions: "A program, Samsung Internet on Android",
    ending_elsewhere: "One other session ends",
    all_forgotten: "None. The next sign-in makes its browser known.",
    trusted: "You trust it",
    what_happened: "was added to your sign-in.",
    much_happened: "Older",
    nothing_older: "Nothing older.",
    exporting: "One file has all of it",
}
