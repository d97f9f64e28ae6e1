"""The overview of admins: how to come there on a quiet day and on bad ones."""

from datetime import UTC, datetime
from uuid import UUID

from tests.browser.admin_states import admin, run
from tests.browser.site import Site
from tests.browser.somebody import Somebody

AGO = "strftime('%Y-%m-%d %H:%M:%f', 'now', {0}) || '000'"
LONG_AGO, LATELY, LATER = (AGO.format(by) for by in ("'-31 days'", "'-2 hours'", "'+2 minutes'"))
WITHIN_A_DAY = AGO.format("'-' || (n * n % 1440) || ' minutes'")
DAY = f"""
    WITH RECURSIVE steps(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM steps WHERE n < ?)
    INSERT INTO events (at, kind, subject, verdict, ip, browser, detail)
    SELECT {WITHIN_A_DAY}, ?, '', ?, '', '', '' FROM steps
"""
REFUSAL = "421 4.3.2 mail.example.org Service not available, closing transmission channel"


def happened(site: Site, kind: str, verdict: str, times: int) -> None:
    """Let something have happened so many times in the last day, more often at some hours."""
    run(site, DAY, times - 1, kind, verdict)
    run(site, "DELETE FROM hours")


def look(ada: Somebody, path: str = "/admin") -> None:
    """Open the overview, and let what it tells be over: other pages are not to suffer from it."""
    ada.open(path)
    run(ada.site, "DELETE FROM tallies")
    run(ada.site, "DELETE FROM messages WHERE error = ?", REFUSAL)


def nothing_happened(ada: Somebody) -> None:
    admin(ada)
    run(ada.site, f"UPDATE events SET at = {LONG_AGO}")
    run(ada.site, "DELETE FROM hours")
    look(ada)


def busy_day(ada: Somebody) -> None:
    admin(ada)
    for kind, verdict, times in (
        ("code.asked", "", 260),
        ("message.sent", "", 240),
        ("code.answered", "ACCEPTED", 210),
        ("session.started", "", 205),
        ("code.answered", "WRONG", 9),
        ("code.answered", "EXPIRED", 3),
        ("limit.reached", "LIMITED", 2),
    ):
        happened(ada.site, kind, verdict, times)
    look(ada)
    for summary in ada.page.locator("summary").all()[:1]:
        summary.click()


def busy_month(ada: Somebody) -> None:
    busy_day(ada)
    look(ada, "/admin?span=month")


def under_attack(ada: Somebody) -> None:
    admin(ada)
    happened(ada.site, "code.answered", "WRONG", 1400)
    happened(ada.site, "limit.reached", "LIMITED", 900)
    add = "INSERT INTO tallies (limit_name, subject, started_at, times, last_at) VALUES "
    now = f"{datetime.now(UTC):%Y-%m-%d %H:%M:%S}.000000"
    run(ada.site, "DELETE FROM tallies")
    for limit, subject, times in (
        ("failures_per_site", "", 10**6),
        ("failures_in_a_row", str(UUID(_id_of(ada))), 100),
        ("failures_in_a_row", str(UUID(int=1)), 12),
        ("sms_per_day", "", 45),
    ):
        run(ada.site, f"{add} (?, ?, ?, ?, ?)", limit, subject, now, times, now)
    look(ada)


def mail_stuck(ada: Somebody) -> None:
    admin(ada)
    run(
        ada.site,
        "INSERT INTO messages (kind, channel, message_id, attempts, created_at, due_at, "
        "leased_until, outcome, error, stuck) "
        f"VALUES ('notice', 'email', '<a@b>', 3, {LATELY}, {LATER}, {LATER}, '', ?, 1)",
        REFUSAL,
    )
    happened(ada.site, "message.given_up", "", 5)
    run(ada.site, "UPDATE events SET detail = ? WHERE kind = 'message.given_up'", REFUSAL)
    look(ada)


def _id_of(ada: Somebody) -> str:
    ada.open(f"/admin/people?part={ada.address}")
    return (ada.page.locator("tbody a").first.get_attribute("href") or "").rpartition("/")[2]


OVERVIEW = {
    nothing_happened: "Nothing happened in the last 24 hours.",
    busy_day: "Are people getting in?",
    busy_month: "The last step is still going on.",
    under_attack: "Wrong codes rain on this site.",
    mail_stuck: "Mail is stuck",
}
