"""The seats of a room: each a made-up person with an address, a number and a key of their own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import bindparam, func, insert, select, update

from otpapp.extensions import db
from otpapp.models import Identifier, Room, Seat
from otpapp.rules import identifiers, users
from otpapp.rules.handles import digest, new_token
from otpapp.rules.identifiers import CLASS_DOMAIN, Address
from otpapp.settings import Settings
from otpapp.transaction import execute

# People who computed, counted or kept secrets, one a seat.
NAMES = (
    *("ada", "alan", "alonzo", "annie", "barbara", "blaise", "carl", "carol", "charles", "claude"),
    *("dennis", "donald", "dorothy", "edith", "edsger", "ellen", "emmy", "ernst", "euclid", "evi"),
    *("fran", "george", "gladys", "grace", "hedy", "henri", "hypatia", "ida", "jean", "joan"),
    *("john", "karen", "katherine", "ken", "kurt", "leonhard", "lise", "lynn", "margaret", "marie"),
    *("martin", "mary", "mavis", "max", "niklaus", "omar", "peter", "radia", "ralph", "robin"),
    *("ruth", "shafi", "silvio", "sophie", "steve", "thales", "tony", "vint", "whit", "zeno"),
)
MOST = len(NAMES)
_NEWEST = select(func.max(Seat.number)).where(Seat.room_id == bindparam("room"))
_LOCK = select(Room.id).where(Room.id == bindparam("room")).with_for_update()
_PROVE = (
    update(Identifier)
    .where(Identifier.user_id == bindparam("whose"))
    .values(verified_at=bindparam("now"))
)
_TAKE = insert(Seat)
_OF_ROOM = select(Seat).where(Seat.room_id == bindparam("room")).order_by(Seat.number)
_HELD = select(Seat).where(Seat.token_hash == bindparam("token"))
_NUMBER = select(Seat).where(Seat.number == bindparam("number"))


def take(room: Room, settings: Settings, now: datetime) -> tuple[Seat, str] | None:
    """Give the next seat of a room to a browser, with the token to hold it by; None if it is full.

    Its person has an address and a phone number, both proved.
    """
    execute(_LOCK, {"room": room.id})  # else two who join at once would be given the same
    newest = execute(_NEWEST, {"room": room.id}).scalar() or 0
    for number, name in enumerate(NAMES[newest:], newest + 1):
        user_id = _person(name, number, settings, now)
        if user_id:
            break
    else:
        return None
    token = new_token()
    row = {"room_id": room.id, "user_id": user_id, "number": number, "name": name}
    execute(_TAKE, {**row, "token_hash": digest(token), "taken_at": now})
    return db.session.scalars(_HELD, {"token": digest(token)}).one(), token


def of_room(room: Room) -> list[Seat]:
    """Return all seats that are taken, in the order they were."""
    return list(db.session.scalars(_OF_ROOM, {"room": room.id}))


def held(token: str) -> Seat | None:
    """Return the seat of whoever holds `token`."""
    return db.session.scalars(_HELD, {"token": digest(token)}).first()


def at(number: int) -> Seat | None:
    """Return the seat with this number."""
    return db.session.scalars(_NUMBER, {"number": number}).first()


def address(name: str) -> str:
    """Return the mail address of whoever sits under a name."""
    return f"{name}@{CLASS_DOMAIN}"


def phone(number: int) -> str:
    """Return the phone number of a seat, of those kept for fiction."""
    return f"+12025550{100 + number - 1}"


def _person(name: str, number: int, settings: Settings, now: datetime) -> UUID | None:
    """Make the user of a seat; None where somebody signed up under that name by themselves."""
    owner = users.create(_parsed(address(name), settings), settings, now)
    if owner is None:
        return None
    users.add_identifier(owner.user_id, _parsed(phone(number), settings), now)
    execute(_PROVE, {"whose": owner.user_id, "now": now})
    return owner.user_id


def _parsed(text: str, settings: Settings) -> Address:
    found = identifiers.parse(text, settings)
    assert isinstance(found, Address)  # noqa: S101
    return found
