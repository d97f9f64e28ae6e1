"""One user's passkeys and the browser that asks for them; each step is a transaction."""

from dataclasses import dataclass, replace
from uuid import UUID

from otpapp.rules import sign_in
from otpapp.rules.factors import ceremonies, passkey, passkey_json, passkey_options
from otpapp.rules.factors.ceremonies import Taken, Wish
from otpapp.rules.factors.credentials import Match
from otpapp.rules.factors.passkey import Refused
from otpapp.rules.sign_in import Arrival, Way
from otpapp.rules.verdicts import Limited
from otpapp.rules.visitor import Visitor
from otpapp.settings import Settings
from otpapp.transaction import transaction
from tests.helpers.passkeys import Passkey

BROWSER = "the secret of a browser"
VISITOR = Visitor("192.0.2.7", "Firefox on Linux")


@dataclass
class Ring:
    """Whose passkeys they are, and when it is."""

    settings: Settings
    clock: object
    user_id: UUID

    def use(self, **changes) -> None:
        """Change settings from here on."""
        self.settings = replace(self.settings, **changes)

    def of(self, user_id: UUID) -> "Ring":
        """Return the ring of somebody else."""
        return replace(self, user_id=user_id)

    def to_enrol(self, browser: str = BROWSER) -> dict:
        """Ask for the options of a new passkey."""
        with transaction():
            return passkey_options.to_enrol(
                self.user_id, browser, VISITOR, self.settings, self.clock.now
            )

    def to_prove(self, browser: str = BROWSER) -> dict:
        """Ask for the options of a second proof."""
        with transaction():
            return passkey_options.to_prove(
                self.user_id, browser, VISITOR, self.settings, self.clock.now
            )

    def to_sign_in(self, browser: str = BROWSER) -> dict:
        """Ask for the options of a sign-in by passkey alone."""
        with transaction():
            return passkey_options.to_sign_in(browser, VISITOR, self.settings, self.clock.now)

    def take(self, wish: Wish, text: str) -> Taken | None:
        """Use the challenge up that `text` answers."""
        with transaction():
            return ceremonies.take(wish, passkey_json.read(text).challenge, self.clock.now)

    def keep(self, text: str, browser: str = BROWSER) -> UUID | Refused | None:
        """Hand over what a new passkey answered."""
        taken = self.take(Wish("enrol", browser, self.user_id), text)
        if taken is None:
            return None
        with transaction():
            return passkey.enrol(
                self.user_id,
                passkey_json.read(text),
                taken,
                "Mine",
                self.settings,
                self.clock.now,
            )

    def enrol(self, **how) -> Passkey:
        """Return a new passkey that is kept."""
        made = Passkey(**how)
        assert isinstance(self.keep(made.make(self.to_enrol())), UUID)
        return made

    def prove(self, text: str, browser: str = BROWSER) -> Match | Refused | None:
        """Hand over what a passkey answered for a second proof; a match is taken."""
        taken = self.take(Wish("prove", browser, self.user_id), text)
        if taken is None:
            return None
        found = passkey.verify(self.user_id, passkey_json.read(text), taken, self.settings)
        with transaction():
            assert isinstance(found, Refused) or found.take(self.clock.now)
        return found

    def sign_in(self, text: str, browser: str = BROWSER) -> Arrival | Refused | Limited | None:
        """Hand over what a passkey answered at the entry page."""
        taken, answer = self.take(Wish("sign_in", browser), text), passkey_json.read(text)
        if taken is None:
            return None
        found = passkey.verify(None, answer, taken, self.settings)
        with transaction():
            return sign_in.prove_by_passkey(
                answer, found, Way(True, "/there", VISITOR), self.settings, self.clock.now
            )
