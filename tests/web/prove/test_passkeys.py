"""A passkey as second proof, and to step up."""

import pytest

from tests.helpers.passkeys import PRESENT, Passkey
from tests.web.factors import half_way
from tests.web.helpers import ALICE, disable, is_in, problem, sign_in, title
from tests.web.passkeys import ENROL, PROVE, enrol, options, send

CLONED = "There seems to be a copy of that passkey"
WRONG = "That passkey opens nothing here."
NONSENSE = ["", "{", "[" * 4000, "null", "\udcff", '{"response": {"clientDataJSON": "\\ud800"}}']


@pytest.fixture
def overrides() -> dict:
    """Two proofs are asked for."""
    return {"proofs": "two"}


@pytest.fixture
def made(client, alice, clock) -> Passkey:
    """Alice's only passkey; she has signed out, and waits."""
    client.ask(ALICE)
    client.follow(client.answer("287082"))
    found = enrol(client)
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    return found


def test_who_has_a_passkey_is_asked_for_it_and_is_in(client, made):
    page = half_way(client, next="/account/security")
    assert title(page.text) == "Use your passkey – Example"
    assert not is_in(client)
    client.get(PROVE)
    answer = send(client, made, PROVE)
    assert (answer.status_code, answer.location) == (303, "/account/security")
    assert is_in(client)


def test_the_browser_can_be_trusted_from_then_on(client, made, clock):
    half_way(client)
    send(client, made, PROVE, {"trust": "yes"})
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    sign_in(client, 3)
    assert is_in(client)


def test_an_answer_that_is_wrong_costs_a_try_and_five_are_all(client, made):
    half_way(client)
    for _ in range(4):
        answer = send(client, made, PROVE, flags=PRESENT)
        assert (answer.status_code, problem(answer)[: len(WRONG)]) == (422, WRONG)
    assert "1 try left" in problem(answer)
    over = client.follow(send(client, made, PROVE, flags=PRESENT))
    assert "Too many wrong answers" in over.text


def test_nonsense_costs_no_try_and_loses_nothing(client, made):
    half_way(client)
    for text in NONSENSE * 2:
        answer = client.submit(PROVE, passkey=text.encode("utf-8", "surrogateescape"))
        assert answer.status_code == 422
        assert problem(answer).startswith("Your browser sent no passkey.")
    assert send(client, made, PROVE).status_code == 303
    assert is_in(client)


def test_an_answer_that_comes_late_costs_no_try(client, made, clock):
    half_way(client)
    signed = made.sign(options(client, PROVE))
    clock.advance(minutes=5)
    for _ in range(6):
        answer = client.submit(PROVE, passkey=signed)
        assert problem(answer).startswith("That took too long")
    assert send(client, made, PROVE).status_code == 303


def test_a_copy_is_refused_in_words(client, made, clock):
    half_way(client)
    made.count = 7
    send(client, made, PROVE, {"trust": ""})
    client.get("/")
    client.submit("/sign-out")
    clock.advance(minutes=2)
    half_way(client, 3)
    answer = send(client, made, PROVE, count=8)
    assert (answer.status_code, problem(answer)[: len(CLONED)]) == (422, CLONED)
    assert not is_in(client)


def test_too_many_failures_of_a_network_are_told(make_client, client, made):
    browser = make_client(proofs="two", limit_failures_per_ip=1)
    half_way(browser)
    send(browser, made, PROVE, flags=PRESENT)
    answer = send(browser, made, PROVE)
    assert answer.status_code == 429
    assert "from your network" in problem(answer)


def test_a_disabled_user_is_led_out(client, made, app, alice, clock):
    half_way(client)
    signed = made.sign(options(client, PROVE))
    disable(app, alice, clock.now)
    answer = client.submit(PROVE, passkey=signed)
    assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/sign-in")
    assert not is_in(client)


def test_only_the_strongest_factor_steps_up(client, made, clock):
    """X52: a code by mail gives no way to take a passkey away, or to add another one."""
    half_way(client)
    send(client, made, PROVE)
    clock.advance(minutes=11)
    assert client.get(ENROL).location == "/prove?next=/account/security/passkey"
    page = client.follow(client.follow(client.get(ENROL)))
    assert title(page.text) == "Use your passkey – Example"
    answer = send(client, made, PROVE)
    assert (answer.status_code, answer.location) == (303, ENROL)
    assert client.get(ENROL).status_code == 200


def test_an_answer_for_the_entry_page_is_none_here(client, made):
    client.get("/sign-in")
    entry = options(client, "/sign-in/passkey")
    half_way(client)
    answer = client.submit(PROVE, passkey=made.sign(entry))
    assert problem(answer).startswith("That took too long")


def test_who_has_none_is_not_asked_for_one(client, alice):
    client.ask(ALICE)
    client.follow(client.answer("287082"))
    token = client.page.form("/prove/cancel")
    for answer in (
        client.get(PROVE),
        client.post(PROVE, data=token),
        client.post(f"{PROVE}/options", data=token),
    ):
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, "/prove")


def test_a_form_that_outlived_its_cookie_leads_back(client, made):
    half_way(client)
    answer = client.post(PROVE, data={"csrf_token": "x"})
    assert (answer.status_code, answer.location) == (303, "/prove")
