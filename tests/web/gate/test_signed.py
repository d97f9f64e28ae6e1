"""The signed header, where an operator wants it."""

import jwt

from tests.web.gate.walker import WIKI, Walker

PAGE = f"{WIKI}/page"


def test_it_is_empty_unless_it_is_wanted(walker):
    walker.sign_in_for(PAGE)
    assert walker.check(PAGE).headers["Remote-Token"] == ""
    assert walker.browser.get("/gate/keys.json").status_code == 404


def test_it_says_who_somebody_is_and_is_verified_by_the_published_keys(walker, make_client, alice):
    signed = Walker(make_client(gate_signed_header=True))
    signed.sign_in_for(PAGE)
    token = signed.check(PAGE).headers["Remote-Token"]
    keys = jwt.PyJWKSet.from_dict(signed.browser.get("/gate/keys.json").json)
    claims = jwt.decode(
        token,
        keys[jwt.get_unverified_header(token)["kid"]],
        algorithms=["ES256"],
        audience=WIKI,
        options={"verify_exp": False},  # the clock of the test stands in the past
    )
    assert claims["sub"] == str(alice.user_id)
    assert claims["email"] == alice.address


def test_of_nobody_nothing_is_signed(walker, make_client):
    signed = Walker(make_client(gate_signed_header=True))
    assert signed.check(f"{WIKI}/public").headers["Remote-Token"] == ""
