"""A page of another site can neither have codes sent nor answer them."""

import pytest

from tests.api.program import kept, path_of, tries
from tests.helpers.people import RFC_CODES

ALICE = "alice@example.org"
OURS = "https://auth.example.org"
FOREIGN = (
    *("https://evil.example", "http://auth.example.org", "https://auth.example.org:8443"),
    *("https://auth.example.org.evil.example", "https://other.example.org", "null"),
)
FROM_ELSEWHERE = [
    *(
        {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
        for site in ("cross-site", "same-site", "something-new")
        for mode in ("no-cors", "navigate", "cors", "websocket")
    ),
    {"Sec-Fetch-Site": "cross-site", "Origin": OURS, "Referer": OURS + "/"},
    {"Sec-Fetch-Site": "Same-Origin "},
    {"Sec-Fetch-Site": ""},
    *({"Origin": origin} for origin in FOREIGN),
    *({"Referer": f"{origin}/page"} for origin in FOREIGN if origin != "null"),
    {"Origin": "https://evil.example", "Referer": OURS + "/"},
    {"Referer": "https://[evil"},
]
FROM_HERE = [
    {},
    {"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"},
    {"Sec-Fetch-Site": "none", "Sec-Fetch-Mode": "navigate"},
    {"Origin": OURS},
    {"Referer": OURS + "/anything"},
]


@pytest.mark.parametrize("time_based", [False, True])
@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_a_get_from_elsewhere_sends_and_counts_nothing(program, app, alice, headers, time_based):
    before = kept(app)
    refused = program.ask(ALICE, time_based=time_based, **headers)
    assert refused.status_code == 403
    assert kept(app) == before
    assert program.ask(ALICE).status_code == 200


@pytest.mark.parametrize("headers", FROM_HERE, ids=str)
def test_a_program_and_our_own_pages_get_a_code(program, alice, headers):
    assert program.ask(ALICE, **headers).status_code == 200


@pytest.mark.parametrize("headers", [{}, *FROM_HERE[1:], FROM_ELSEWHERE[0]], ids=str)
def test_head_sends_and_counts_nothing(program, app, alice, headers):
    before = kept(app)
    for time_based in (False, True):
        refused = program.head(path_of(ALICE, time_based), headers=headers)
        assert (refused.status_code, refused.data) == (403, b"")
    assert kept(app) == before


@pytest.mark.parametrize("name", ["Sec-Purpose", "Purpose"])
def test_a_browser_that_only_looks_ahead_has_nothing_sent(program, app, alice, name):
    before = kept(app)
    refused = program.ask(ALICE, **{name: "prefetch", "Sec-Fetch-Site": "none"})
    assert refused.status_code == 403
    assert kept(app) == before


@pytest.mark.parametrize("method", ["OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"])
def test_no_other_method_sends_or_counts_anything(app, alice, method):
    before = kept(app)
    answer = app.test_client().open(path_of(ALICE), method=method, base_url=OURS)
    assert answer.status_code == (200 if method == "OPTIONS" else 405)
    assert {"GET", "POST"} <= set(answer.headers["Allow"].split(", "))
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
    assert kept(app) == before


@pytest.mark.parametrize("headers", FROM_ELSEWHERE, ids=str)
def test_a_post_from_elsewhere_costs_no_try(program, app, alice, headers):
    program.ask(ALICE)
    refused = program.post(path_of(ALICE), json={"otp": RFC_CODES[1]}, headers=headers)
    assert refused.status_code == 400
    assert tries(app) == [0]
    assert program.prove(ALICE, RFC_CODES[1]).status_code == 200


@pytest.mark.parametrize("host", ["evil.example", "auth.example.org:444", "auth.example.org."])
def test_under_another_host_name_nothing_is_sent(program, app, alice, host):
    before = kept(app)
    assert program.ask(ALICE, Host=host).status_code == 400
    assert kept(app) == before
