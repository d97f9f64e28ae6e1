"""What the page that invites people accepts, and what is wrong with it, line by line."""

import re
from dataclasses import dataclass

from flask_wtf import FlaskForm
from wtforms import StringField

from otpapp.rules import identifiers, roles
from otpapp.rules.gate.rules import NAME
from otpapp.rules.identifiers import Address, Fault
from otpapp.rules.people.inviting import MOST_DAYS, Offer
from otpapp.settings import Settings
from otpapp.web import messages

NOBODY = "say whom to invite, one address a line"
DAYS = f"say for how many days, 1 to {MOST_DAYS}"


@dataclass(frozen=True)
class Typed:
    """Whom to invite to what, as typed; where there are faults, nobody is to be invited."""

    addresses: tuple[Address, ...]
    offer: Offer
    faults: tuple[str, ...]


class InviteForm(FlaskForm):
    """Addresses, one a line, and what all of them are invited to."""

    addresses = StringField()
    groups = StringField()
    role = StringField()
    days = StringField()

    def read(self, settings: Settings) -> Typed:
        """Return what is typed; each address once."""
        found, faults = _addresses(self.addresses.data or "", settings)
        names = frozenset(re.split(r"[\s,;]+", (self.groups.data or "").strip())) - {""}
        for name in sorted(one for one in names if not NAME.fullmatch(one)):
            faults.append(f"{name} is no name of a group: use a-z, 0-9 and dashes")
        days = (self.days.data or "").strip()
        is_number = re.fullmatch("[0-9]{1,2}", days) and 1 <= int(days) <= MOST_DAYS
        faults += [] if is_number else [DAYS]
        role = "admin" if self.role.data == "admin" else roles.ROLES[0]
        offer = Offer(names, role, int(days) if is_number else 0)
        return Typed(tuple(found.values()), offer, tuple(faults))


def _addresses(text: str, settings: Settings) -> tuple[dict[str, Address], list[str]]:
    found: dict[str, Address] = {}
    faults: list[str] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        one = identifiers.parse(line, settings)
        if isinstance(one, Fault):
            words = messages.fault(one, settings)
            faults.append(f"line {number}, {line.strip()}: {words[:1].lower()}{words[1:]}")
        else:
            found.setdefault(one.key, one)
    return found, faults if found or faults else [NOBODY]
