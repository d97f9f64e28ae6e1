"""What the pages of admins accept; forms parse and never look anything up."""

from dataclasses import fields

from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from otpapp.rules.gate import reading
from otpapp.rules.gate.apps import Plan
from otpapp.rules.gate.rules import Rule
from otpapp.rules.gate.wanted import canonical_origin
from otpapp.rules.people.seeking import Typed
from otpapp.web.current import settings


class AppForm(FlaskForm):
    """What an app is called and where it is; `seen` tells what the page showed of it."""

    name = StringField()
    title = StringField()
    url = StringField()
    seen = HiddenField()

    def plan(self, rules: tuple[Rule, ...]) -> Plan:
        """Return the app that is typed; without a title its name stands in."""
        name, url = (self.name.data or "").strip(), (self.url.data or "").strip()
        # Where there is no name either, that is one fault and not two.
        title = " ".join((self.title.data or "").split()) or name or "app"
        return Plan(name, title, canonical_origin(url.rstrip("/")) or url, rules)


class RuleForm(FlaskForm):
    """One rule, whose `allow` has an entry a line; `seen` tells what the page showed of the app."""

    path = StringField()
    allow = StringField()
    proofs = StringField()
    fresh = StringField()
    seen = HiddenField()

    def rule(self) -> Rule | list[str]:
        """Return the rule that is typed, or those of its entries that name nobody."""
        lines = [one.strip() for one in (self.allow.data or "").splitlines() if one.strip()]
        path, fresh = (self.path.data or "").strip(), reading.minutes(self.fresh.data or "")
        return reading.rule_of(path, lines, self.proofs.data or "", fresh, settings())


class GuestForm(FlaskForm):
    """Somebody who may open an app until the end of a day."""

    who = StringField()
    path = StringField()
    until = StringField()


class KeyForm(FlaskForm):
    """A program that may open a part of an app until the end of a day."""

    called = StringField()
    path = StringField()
    until = StringField()


class SeenForm(FlaskForm):
    """A button, and what the page showed of the app that it changes."""

    seen = HiddenField()


class NameForm(FlaskForm):
    """The name of an app, typed once more before it is removed."""

    name = StringField()


class PersonForm(FlaskForm):
    """Somebody new: one address, groups with blanks between, a role."""

    who = StringField()
    groups = StringField()
    role = StringField()


class GroupForm(FlaskForm):
    """The name of a group to join."""

    name = StringField()


class AddressForm(FlaskForm):
    """The first address of a person, typed once more before they are deleted."""

    who = StringField()


class UndoForm(FlaskForm):
    """Whether what is in doubt shall be taken away."""

    undo = StringField()


class ImportForm(FlaskForm):
    """A file of apps or of people; `seen` tells what its preview was made of, if there was one."""

    text = StringField()
    seen = HiddenField()


class AnswerForm(FlaskForm):
    """The answer to somebody who asks for access; `path` is of the rule that the page showed."""

    verdict = StringField()
    until = StringField()
    path = HiddenField()


class WhyForm(FlaskForm):
    """Whose access to what is asked about."""

    who = StringField()
    url = StringField()


class ExportForm(FlaskForm):
    """What to look for in the trail, and as what kind of file to save it."""

    person = HiddenField()
    kind = HiddenField()
    ip = HiddenField()
    since = HiddenField()
    until = HiddenField()
    file = StringField()

    def typed(self) -> Typed:
        """Return what to look for."""
        return Typed(**{one.name: self[one.name].data or "" for one in fields(Typed)})


def rule_form(rule: Rule, seen: str) -> RuleForm:
    """Return the form of a rule as it is."""
    fresh = str(rule.as_row().get("fresh", ""))
    allow = "\n".join(rule.allow)
    return RuleForm(
        formdata=None, path=rule.path, allow=allow, proofs=rule.proofs, fresh=fresh, seen=seen
    )
