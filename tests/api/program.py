"""A program that uses the JSON API and complains about answers that are not as all should be."""

from urllib.parse import quote

from flask import Flask, Response
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.test import TestResponse

from otpapp.extensions import db
from otpapp.models import Challenge, Message, Tally, User


class Program(FlaskClient):
    """Speaks JSON; holds no cookie and sends neither Referer nor Origin."""

    def open(self, *args, **kwargs) -> TestResponse:
        """Make one request and check the answer."""
        kwargs.setdefault("base_url", self.application.extensions["otpapp.settings"].public_url)
        answer = super().open(*args, **kwargs)
        check_answer(answer)
        return answer

    def ask(self, identifier: str, *, time_based: bool = False, **headers: str) -> TestResponse:
        """Have a code sent."""
        return self.get(path_of(identifier, time_based), headers=headers)

    def prove(
        self, identifier: str, otp: object, *, time_based: bool = False, **named: object
    ) -> TestResponse:
        """Answer with a code, naming a challenge with `challenge=` or none."""
        return self.post(path_of(identifier, time_based), json={"otp": otp, **named})

    def send(self, identifier: str, body: bytes, kind: str = "application/json") -> TestResponse:
        """Answer with any bytes."""
        return self.post(path_of(identifier), data=body, content_type=kind)

    def me(self, authorization: str | None) -> TestResponse:
        """Ask who the bearer is, with this `Authorization` header."""
        headers = {} if authorization is None else {"Authorization": authorization}
        return self.get("/api/me", headers=headers)

    def end(self, token: str) -> TestResponse:
        """End the session of a bearer token."""
        return self.delete("/api/session", headers={"Authorization": f"Bearer {token}"})


def new_program(app: Flask) -> Program:
    """Return a program; each is as good as another, since none keeps anything."""
    return Program(app, Response, use_cookies=False)


def path_of(identifier: str, time_based: bool = False) -> str:
    """Return the address of the two calls for `identifier`."""
    return f"/verify/{'time_based/' * time_based}{quote(identifier, safe='@+')}/"


def check_answer(answer: TestResponse) -> None:
    """JSON that nobody stores, for no other site, and without a cookie."""
    if answer.data:
        assert answer.content_type == "application/json", (answer.status, answer.content_type)
    if answer.status_code >= 400 and answer.request.method != "HEAD":
        assert set(answer.json) in ({"error", "message", "status"}, {"verdict", "message"})
        assert answer.json.get("status", answer.status_code) == answer.status_code
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in answer.headers
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control-")]
    # What somebody must open first ends at no instant.
    is_closed = answer.status_code == 429 and "is closed here" in answer.json["message"]
    if answer.status_code == 429 and not is_closed:
        assert int(answer.headers["Retry-After"]) >= 1
    assert answer.status_code < 500, answer.text


def kept(app: Flask) -> dict[str, list]:
    """Return whatever a request for a code could have changed, to compare before and after."""
    queries = {
        "counters": select(User.id, User.counter).order_by(User.id),
        "tallies": select(Tally.limit, Tally.subject, Tally.times, Tally.last_at),
        "challenges": select(Challenge.id, Challenge.tries, Challenge.answered_at),
        "messages": select(Message.id, Message.outcome),
    }
    with app.app_context():
        return {name: list(db.session.execute(query)) for name, query in queries.items()}


def tries(app: Flask) -> list[int]:
    """Return the tries that each challenge has lost, the oldest first."""
    with app.app_context():
        return list(db.session.scalars(select(Challenge.tries).order_by(Challenge.id)))
