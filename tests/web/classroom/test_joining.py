"""Taking a seat: with the code of the room, one a browser, until it is full."""

import pytest

from otpapp.rules.classroom import seats
from tests.web.classroom.helpers import JOIN, ROOM, join_code, open_room, take_seat
from tests.web.helpers import problem, words


def test_before_a_room_is_open_there_is_nothing_to_join(client):
    assert client.get("/classroom").location == JOIN
    page = words(client.get(JOIN).text)
    assert "There is no class here at the moment." in page
    assert not client.page.forms


def test_a_form_from_before_the_room_was_closed_says_so(app, teacher, client):
    client.get(JOIN)
    teacher.get(ROOM)
    teacher.submit(f"{ROOM}/end")
    assert "There is no class here at the moment." in client.submit(JOIN, code="BCDFGH").text


def test_with_the_code_somebody_gets_a_seat_and_keeps_it(teacher, student):
    ann = student()
    page = take_seat(ann, join_code(teacher))
    assert "You are Ada Seat 1." in page
    assert "ada@class.example" in page
    assert "+1 202-555-0100" in page
    assert ann.get("/classroom").location == "/classroom/seat"
    assert take_seat(ann, join_code(teacher)) == page, "another try gave another seat"


def test_each_browser_gets_a_seat_of_its_own(teacher, student):
    code = join_code(teacher)
    assert "You are Ada" in take_seat(student(), code)
    assert "You are Alan" in take_seat(student(), code)
    page = words(teacher.get(ROOM).text)
    assert "Seats (2) 1 ada 2 alan" in page


def test_the_picture_on_the_wall_fills_the_code_in(teacher, client):
    code = join_code(teacher)
    assert f"127.0.0.1:5000/classroom/join/{code}" in words(teacher.get(ROOM).text)
    client.get(f"{JOIN}/{code}")
    assert client.page.form(JOIN)["code"] == code


@pytest.mark.parametrize("typed", ["", "BBBBBB", "nothing like it", "x" * 500])
def test_a_wrong_code_gets_no_seat_and_is_told(teacher, client, typed):
    client.get(JOIN)
    answer = client.submit(JOIN, code=typed)
    assert answer.status_code == 422
    assert "That is not the code of this room." in problem(answer)
    assert client.get("/classroom/seat").location == "/classroom"


def test_when_every_seat_is_taken_it_is_said(teacher, student):
    code = join_code(teacher)
    for _ in range(seats.MOST):
        take_seat(student(), code)
    late = student()
    late.get(JOIN)
    answer = late.submit(JOIN, code=code)
    assert answer.status_code == 409
    assert "Every seat is taken. Look on with somebody." in answer.text


def test_another_room_has_nobody_of_the_one_before(teacher, student, key):
    ann = student()
    take_seat(ann, join_code(teacher))
    open_room(student(), key)
    assert ann.get("/classroom/seat").location == "/classroom"
    assert teacher.get(ROOM).status_code == 403
    assert ann.get("/classroom").location == JOIN
