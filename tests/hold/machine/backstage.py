"""What operators and the sender do, in the product and in the model."""

import re

from jinja2 import BytecodeCache

from otpapp import create_app
from otpapp.delivery.parcels import Mail
from otpapp.delivery.post import deliver_next
from otpapp.extensions import db
from otpapp.rules import budgets
from otpapp.rules.events import NOBODY
from otpapp.rules.factors import changes, credentials, recovery_codes, totp
from otpapp.transaction import transaction
from tests.hold.machine.model.factors import App
from tests.hold.machine.world import World
from tests.web.helpers import disable

CODE = re.compile(r"([0-9]+) is your Example sign-in code \(reference ([A-Z]{3})\)")
LINK = re.compile(r"Stop these codes: https://auth\.example\.org(/not-me/\S+)")


class Letterbox:
    """A transport that keeps the mails themselves; a server would take most of the time."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []

    def send(self, parcel: Mail, _: float) -> None:
        """Keep it."""
        self.mails.append(parcel)

    def probe(self, *_) -> None:
        """Always be there."""

    def close(self) -> None:
        """Keep nothing open."""


class Compiled(BytecodeCache):
    """Templates that are compiled once for all apps: nothing else takes so long at a start."""

    def __init__(self) -> None:
        self._kept: dict = {}

    def load_bytecode(self, bucket) -> None:
        """Use what is kept."""
        bucket.code = self._kept.get(bucket.key)

    def dump_bytecode(self, bucket) -> None:
        """Keep it."""
        self._kept[bucket.key] = bucket.code


COMPILED = Compiled()
PAPER = recovery_codes.new_codes()  # once for all people: they take long to make


def deliver(world: World) -> None:
    """Send what waits; see that each mail says what it should and goes to its user (I10)."""
    letterbox = Letterbox()
    with world.app.app_context():
        while deliver_next("email", letterbox, world.settings):
            pass
    arrived = world.site.deliver(world.now)
    expected = {(one.address, one.code, world.references[one]): one for one in arrived}
    codes = [one for one in letterbox.mails if CODE.match(one.text)]
    found = {(one.to, *CODE.match(one.text).groups()): one for one in codes}
    assert len(found) == len(codes) and found.keys() == expected.keys()
    assert len(letterbox.mails) - len(codes) == world.site.tell(world.now)
    for key, mail in found.items():
        world.links[expected[key]] = LINK.search(mail.text)[1]


def disable_or_enable(world: World, number: int) -> None:
    """Let a user in no more, or again."""
    user = world.user(number)
    user.is_disabled = not user.is_disabled
    disable(world.app, world.people[number], world.now if user.is_disabled else None)


def enrol_or_remove(world: World, number: int) -> None:
    """Give a user an app and recovery codes, or take both away."""
    user, of, now, settings = world.user(number), world.people[number], world.now, world.settings
    with world.app.app_context(), transaction():
        if user.app:
            changes.remove(credentials.of(of.user_id)[0], NOBODY, settings, now)
            world.site.remove(user, now)
            return
        app = App(f"{of.address[:4]}{user.enrolled:016}".encode())
        app.take(app.code(now), now)
        one = totp.enrol(of.user_id, app.key, app.code(now), "App", settings, now)
        changes.enrolled(of.user_id, "totp", "App", NOBODY, settings, now, number=one)
        recovery_codes.enrol(of.user_id, PAPER, now)
        world.site.enrol(user, app, PAPER.codes, now)


def reopen(world: World, number: int) -> None:
    """Open a user's way in by code again."""
    user = world.user(number)
    done = world.app.test_cli_runner().invoke(args=["reopen", user.address])
    assert (done.exit_code == 0) == (not user.is_disabled), done.output
    if not user.is_disabled:
        world.site.reopen(user)


def restart(world: World) -> None:
    """Serve with a new process, which sweeps first."""
    stop(world)
    world.serve(create_app(world.settings))
    world.app.jinja_env.bytecode_cache = COMPILED
    with world.app.app_context(), transaction():
        budgets.forget_old(world.now)
    world.site.budgets.forget_old(world.now)


def stop(world: World) -> None:
    """Let go of the database."""
    with world.app.app_context():
        db.engine.dispose()
