"""/metrics tells of every process of a site, and of nobody who uses it."""

import re
import time

import pytest
import requests

from tests.helpers.gated import Gated, gated
from tests.helpers.mailbox import Mailbox, code_in, mail_at
from tests.helpers.served import Served, served
from tests.helpers.visitor import HttpVisitor, wait_for

WORKERS = 2
ALICE = "alice@example.org"


def scrape(server: Served) -> str:
    answer = requests.get(f"{server.url}/metrics", timeout=20)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    return answer.text


def number(server: Served, name: str, **labels: str) -> float:
    """Return the sum of all samples of a name that have these labels."""
    total = 0.0
    for line in scrape(server).splitlines():
        found = re.fullmatch(rf"{name}(?:{{(.*)}})? ([0-9.e+]+)", line)
        has = dict(re.findall(r'(\w+)="([^"]*)"', found[1] or "")) if found else {}
        if found and labels.items() <= has.items():
            total += float(found[2])
    return total


def test_what_two_processes_and_a_worker_did_is_one_number(tmp_path):
    folder = tmp_path / "metrics"
    with (
        Mailbox() as mailbox,
        served(
            tmp_path,
            WORKERS,
            OTPAPP_SENDER="none",
            OTPAPP_METRICS=str(folder),
            **mail_at(mailbox.port),
        ) as server,
        server.worker(),
    ):
        # Each on a connection of its own: the workers share them out.
        for _ in range(40):
            requests.get(f"{server.url}/sign-in", timeout=20)
        visitor = HttpVisitor(server)
        visitor.ask(ALICE)
        wait_for(lambda: mailbox.mails)
        visitor.answer(code_in(mailbox.mails[0]))
        wait_for(lambda: number(server, "otpapp_deliveries_total"))
        page = {"endpoint": "sign_in.identify", "method": "GET", "status": "200"}
        assert number(server, "otpapp_requests_total", **page) == 41
        assert number(server, "otpapp_request_seconds_count", endpoint="sign_in.identify") == 41
        sent = {"channel": "email", "kind": "code"}
        assert number(server, "otpapp_deliveries_total", outcome="sent", **sent) == 1
        assert number(server, "otpapp_delivery_seconds_count", **sent) == 1
        answered = {"kind": "code.answered", "verdict": "ACCEPTED"}
        assert number(server, "otpapp_events_total", **answered) == 1
        assert number(server, "otpapp_sessions") == 1
        assert number(server, "otpapp_database_up") == 1
        assert len(list(folder.glob("counter_*.db"))) == WORKERS + 1, "each keeps its own"
        assert folder.stat().st_mode & 0o077 == 0


def test_what_waits_is_told_and_numbers_outlive_a_restart(tmp_path):
    told = {"OTPAPP_SENDER": "none", "OTPAPP_METRICS": str(tmp_path / "metrics")}
    with served(tmp_path, **told) as server:
        HttpVisitor(server).ask(ALICE)
        time.sleep(0.3)
        asked = number(server, "otpapp_events_total", kind="code.asked")
        assert number(server, "otpapp_queue_messages", channel="email") == 1
        assert number(server, "otpapp_queue_messages", channel="sms") == 0
        assert number(server, "otpapp_queue_oldest_seconds", channel="email") >= 0.3
        assert number(server, "otpapp_queue_stuck") == 0
        server.kill()
        server.start()
        assert number(server, "otpapp_events_total", kind="code.asked") == asked == 1


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gated")
    with gated(folder, OTPAPP_METRICS=str(folder / "metrics")) as site:
        yield site


def test_checks_are_told_by_their_answer(site: Gated):
    origin, url = site.wiki, f"{site.server.url}/gate/nginx"
    for path, times in (("/", 3), ("/public", 2)):
        headers = {"X-Original-URL": origin + path, "X-Original-Method": "GET"}
        for _ in range(times):
            requests.get(url, headers=headers, timeout=20)
    requests.get(url, timeout=20)
    elsewhere = {"X-Original-URL": "http://nowhere.example/", "X-Original-Method": "GET"}
    requests.get(url, headers=elsewhere, timeout=20)
    told = {
        answer: number(site.server, "otpapp_gate_checks_total", answer=answer)
        for answer in ("sign_in", "passed", "unclear", "refused", "broken")
    }
    assert told == {"sign_in": 3, "passed": 2, "unclear": 1, "refused": 1, "broken": 0}


def test_no_path_and_no_name_of_anybody_is_in_it(site: Gated):
    base = site.server.url
    requests.get(f"{base}/verify/{ALICE}/", timeout=20)
    requests.get(f"{base}/nothing/{ALICE}", timeout=20)
    requests.request("BREW", f"{base}/sign-in", timeout=20)
    HttpVisitor(site.server).ask("bob@example.org")
    text = scrape(site.server)
    assert 'endpoint="none"' in text
    assert 'method="other"' in text
    assert 'endpoint="api.ask_for_counter_code"' in text
    for word in ("alice", "bob", "@", "BREW", "nothing", "127.0.0.1", "wiki", "pid"):
        assert word not in text, word
    labels = set(re.findall(r'(\w+)="', text))
    assert labels == {
        *("method", "endpoint", "status", "le", "kind", "verdict", "channel", "answer", "outcome")
    }
