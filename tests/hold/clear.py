"""What a fault of the database may look like from outside."""

import requests

from tests.helpers.visitor import HttpVisitor
from tests.web.helpers import words

AT_ONCE = 2.0  # seconds; a busy machine needs some, a wait for a database that is gone many
INSIDE = ("Traceback", "psycopg", "sqlite", "SELECT", "UPDATE", ".py")


def is_clear(visitor: HttpVisitor, answer: requests.Response, within: float = AT_ONCE) -> bool:
    """Say that `answer` told of a fault plainly: in time, with a way on, and nothing inner.

    I9: no fault ends in a session, so no answer to one gives a cookie to hold one with.
    """
    assert answer.status_code == 503, (answer.status_code, words(answer.text))
    assert int(answer.headers["Retry-After"]) > 0
    assert "Set-Cookie" not in answer.headers
    assert "cannot answer right now" in answer.text
    assert not [inner for inner in INSIDE if inner in answer.text]
    assert visitor.took < within
    return True
