"""What programs do by the API, in the product and in the model."""

from datetime import datetime

from otpapp.rules.verdicts import Verdict
from tests.hold.machine.model.holders import Session
from tests.hold.machine.model.people import Challenge
from tests.hold.machine.world import World


def ask(world: World, address: str, method: str) -> None:
    """Have a code sent."""
    answer = world.program.ask(address, time_based=method == "time")
    wish = {"door": "api", "method": method}
    asked = world.site.ask(world.program_visitor, address, world.now, **wish)
    if isinstance(asked, datetime):
        world.is_limited(answer, asked)
        return
    assert answer.status_code == 200
    assert answer.json["expires_at"] == asked.expires.isoformat()
    world.handles[asked] = answer.json["challenge"]
    world.references[asked] = answer.json["reference"]


def answer(world: World, address: str, method: str, named: Challenge | None, typed: str) -> None:
    """Answer the named challenge, or the newest that is open for this address."""
    name = {"challenge": world.handles[named]} if named else {}
    answer = world.program.prove(address, typed, time_based=method == "time", **name)
    found = _found(world, address, method, named)
    if len(typed) != (found.digits if found else world.settings.code_digits):
        assert (answer.status_code, "verdict" in answer.json) == (422, False)
        return
    visitor, now = world.program_visitor, world.now
    verdict = (
        world.site.answer(visitor, found, typed, now)
        if found
        else world.site.answer_nothing(visitor, now)
    )
    if isinstance(verdict, datetime):
        world.is_limited(answer, verdict)
        return
    assert answer.json["verdict"] == verdict
    if verdict is not Verdict.ACCEPTED:
        assert answer.status_code == 422
    elif world.site.arrived:
        assert answer.status_code == 200
        world.keys[world.site.arrived] = answer.json["token"]
    else:
        assert (answer.status_code, "token" in answer.json) == (403, False)


def leave(world: World, session: Session) -> None:
    """End a session of the API."""
    is_open = session.use(world.now)
    answer = world.program.end(world.keys[session])
    assert answer.status_code == (204 if is_open else 401)
    if is_open:
        world.site.end(session)


def _found(world: World, address: str, method: str, named: Challenge | None) -> Challenge | None:
    asked = [
        one
        for one in world.site.challenges
        if (one.door, one.address, one.method) == ("api", address, method)
    ]
    if named:
        return named if named in asked else None
    return next((one for one in reversed(asked) if one.is_open(world.now)), None)
