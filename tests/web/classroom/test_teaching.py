"""Whoever teaches: opens the room with the key of the terminal, moves its clock, closes it."""

from datetime import timedelta

import pytest

from otpapp.clock import reading, utc_now
from otpapp.extensions import db
from otpapp.models import Room, User
from otpapp.web.classroom import here
from tests.conftest import NOON
from tests.web.classroom.helpers import JOIN, ROOM, join_code, take_seat
from tests.web.helpers import notice, words


def move(teacher, how: str) -> str:
    teacher.get(ROOM)
    return notice(teacher.follow(teacher.submit(f"{ROOM}/clock/{how}")))


def count(app, model) -> int:
    with app.app_context():
        return db.session.query(model).count()


class TestOpening:
    """Only the key opens a room, and only after a question."""

    def test_to_look_at_the_link_opens_nothing(self, app, client, key):
        page = client.get(f"/classroom/teach/{key}")
        assert "Open a room" in page.text
        assert count(app, Room) == 0

    @pytest.mark.parametrize("typed", ["x", "BCDFGH"])
    def test_another_key_opens_nothing(self, app, client, key, typed):
        assert client.get(f"/classroom/teach/{typed}").status_code == 404
        client.get(f"/classroom/teach/{key}")
        fields = client.page.form(f"/classroom/teach/{key}")
        assert client.post(f"/classroom/teach/{typed}", data=fields).status_code == 404
        assert count(app, Room) == 0

    def test_the_room_is_open_and_says_so(self, teacher):
        page = teacher.get(ROOM)
        assert notice(page) == "The room is open."
        assert "Nobody has joined yet." in page.text
        assert teacher.get("/classroom").location == ROOM

    def test_who_opened_it_is_led_to_it_by_the_link_too(self, teacher, key):
        assert teacher.get(f"/classroom/teach/{key}").location == ROOM

    def test_that_another_one_ends_it_is_said_before(self, teacher, client, key):
        assert "To open another one deletes it" in client.get(f"/classroom/teach/{key}").text


@pytest.mark.parametrize("path", [ROOM, f"{ROOM}/end", f"{ROOM}/clock/advance"])
def test_students_and_strangers_cannot_teach(teacher, student, path):
    ann, bob = student(), student()
    take_seat(ann, join_code(teacher))
    for somebody in (ann, bob):
        if path == ROOM:
            assert somebody.get(path).status_code == 403
        else:
            somebody.get(JOIN)
            assert somebody.post(path, data=somebody.page.forms[0]["fields"]).status_code == 403


class TestClock:
    """The clock of the room is the one that everything reads."""

    def test_it_stands_still_and_goes_on(self, teacher, clock):
        assert move(teacher, "freeze") == "The clock of the room stands still."
        clock.advance(minutes=3)
        assert utc_now() == NOON
        assert "12:00:00 UTC, and it stands still" in words(teacher.get(ROOM).text)
        assert move(teacher, "go-on") == "The clock of the room goes on."
        clock.advance(minutes=1)
        assert utc_now() == NOON + timedelta(minutes=1)

    def test_ten_minutes_later_a_code_has_run_out(self, teacher, student):
        ann = student()
        take_seat(ann, join_code(teacher))
        ann.ask("ada@class.example")
        assert move(teacher, "advance") == "It is ten minutes later."
        assert "That code ran out" in ann.get("/sign-in/code").text

    def test_there_is_no_other_move(self, teacher):
        teacher.get(ROOM)
        fields = teacher.page.form(f"{ROOM}/clock/advance")
        assert teacher.post(f"{ROOM}/clock/back", data=fields).status_code == 404

    def test_a_server_that_is_started_again_goes_on_with_it(self, app, teacher, clock):
        move(teacher, "advance")
        move(teacher, "freeze")
        clock.advance(minutes=2)
        with reading(lambda: clock.now):
            here.begin(app)
            assert utc_now() == NOON + timedelta(minutes=10)


class TestEnd:
    """Nothing of a room is kept."""

    def test_closed_by_hand_it_is_deleted_whole(self, app, teacher, student):
        ann = student()
        take_seat(ann, join_code(teacher))
        move(teacher, "advance")
        teacher.get(ROOM)
        assert "The room is closed" in teacher.submit(f"{ROOM}/end").text
        assert (count(app, Room), count(app, User)) == (0, 0)
        assert utc_now() == NOON
        assert ann.get("/classroom").location == JOIN

    def test_after_twelve_hours_it_is_over_though_its_clock_stands_still(
        self, app, teacher, student, clock
    ):
        ann = student()
        take_seat(ann, join_code(teacher))
        move(teacher, "freeze")
        clock.advance(hours=12)
        assert ann.get("/classroom/seat").location == "/classroom"
        assert teacher.get(ROOM).status_code == 403
        assert (count(app, Room), count(app, User)) == (0, 0)
