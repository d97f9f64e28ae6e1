"""However many processes judge however many answers at the same instant (X04, X05; A1, A2)."""

from collections import Counter

from sqlalchemy import text

from tests.helpers import invariants
from tests.helpers.visitor import HttpVisitor
from tests.hold.rush import at_once, get, post

ANSWER = "/sign-in/code"
RIGHT, WRONG = 64, 320


def asked(server, address: str) -> tuple[dict[str, str], str]:
    """Have a code sent; return the form of the code page, and the cookie of its browser."""
    visitor = HttpVisitor(server)
    visitor.ask(address)
    return visitor.form(ANSWER), visitor.cookie


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"


def found(engine, query: str) -> Counter:
    """Count the rows of a query by their first column."""
    with engine.connect() as connection:
        return Counter(row[0] for row in connection.execute(text(query)))


def test_of_many_right_answers_one_signs_in(server, engine, code_for, soak):
    rounds = 500 if soak else 12
    for number in range(rounds):
        address = f"person{number}@example.org"
        form, cookie = asked(server, address)
        answers = at_once(server, RIGHT, ANSWER, {**form, "code": code_for(address)}, cookie)
        assert Counter(one.status for one in answers)[303] == 1
        held = {one.cookie for one in answers}
        assert [get(server, "/", one).status for one in held].count(200) == 1
        assert {one.status for one in answers} <= {303, 422}
    sessions = found(engine, "SELECT challenge_id FROM user_sessions")
    assert len(sessions) == sessions.total() == rounds
    assert invariants.broken(engine) == {}


def test_of_many_wrong_answers_five_are_judged(server, engine, code_for, soak):
    for number in range(20 if soak else 1):
        address = f"person{number}@example.org"
        form, cookie = asked(server, address)
        code = code_for(address)
        answers = at_once(server, WRONG, ANSWER, {**form, "code": wrong(code)}, cookie)
        assert {one.status for one in answers} == {422}
        said = Counter("That code is not right" in one.text for one in answers)
        assert said[True] <= 5
        right = post(server, ANSWER, {**form, "code": code}, cookie)
        assert right.status == 422
        assert get(server, "/", right.cookie).status == 303
    assert set(found(engine, "SELECT tries FROM challenges")) == {5}
    assert invariants.broken(engine) == {}


def test_of_many_wrong_answers_to_several_codes_of_one_person_ten_are_judged(
    server, engine, code_for
):
    """The eleventh has to wait, whichever code it is for (D5)."""
    browsers = [asked(server, "ada@example.org")]
    code = code_for("ada@example.org")
    with engine.begin() as connection:
        # As if the minute between two codes had passed.
        connection.execute(text("DELETE FROM tallies"))
    browsers.append(asked(server, "ada@example.org"))
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM tallies"))
    browsers.append(asked(server, "ada@example.org"))
    for form, cookie in browsers:
        at_once(server, 40, ANSWER, {**form, "code": wrong(code)}, cookie)
    tries = found(engine, "SELECT tries FROM challenges")
    assert sum(number * rows for number, rows in tries.items()) == 10
    assert invariants.broken(engine) == {}
