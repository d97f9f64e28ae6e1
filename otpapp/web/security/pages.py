"""What the pages of factors show."""

from urllib.parse import quote

import segno
from flask import Response, make_response, render_template
from markupsafe import Markup

from otpapp.models import Credential, Proof
from otpapp.otp import keys
from otpapp.otp.totp import provisioning_uri
from otpapp.rules import codes, holdings, known_browsers, second, users
from otpapp.rules.factors import changes, credentials, offers, recovery_codes, totp
from otpapp.rules.sign_in import Arrival
from otpapp.web.current import holder, now, settings
from otpapp.web.looks import day
from otpapp.web.security.forms import AppForm, PlainForm
from otpapp.web.visitor import current_visitor

TOO_LATE = "This page was open for too long. Scan the new code below."
WRONG = (
    "That is not the code that belongs to this key. Type the newest one, and check that the clock "
    "of your phone is set automatically."
)
KINDS = {"totp": "Authenticator app"}


def overview(note: str) -> Response:
    """Return the page that lists the factors and the trusted browsers."""
    user_id = holder().user_id
    return _page(
        "security/overview.html",
        addresses=users.addresses_of(user_id),
        credentials=credentials.of(user_id),
        kinds=KINDS,
        codes_left=recovery_codes.left(user_id),
        few=recovery_codes.FEW,
        demand=holdings.demand(holdings.of(user_id), settings()),
        trusted=known_browsers.trusted(user_id, now()),
        note=note,
    )


def new_app(form: AppForm, status: int = 200, *, error: str = "", alarm: str = "") -> Response:
    """Return the page that shows a key as a QR code and in letters, and takes the first code.

    The key is the one that the form carries; a form without one gets a new key.
    """
    user_id = holder().user_id
    key = offered_key(form) or keys.new_key()
    form.key.data = offers.offer(user_id, key, settings(), now())
    name = users.addresses_of(user_id)[0].address
    uri = provisioning_uri(key, name, settings().site_name)
    shown = {"form": form, "error": error, "alarm": alarm}
    return _page(
        "security/app.html", status, qr=_qr(uri), uri=uri, groups=keys.groups(key), **shown
    )


def offered_key(form: AppForm) -> bytes | None:
    """Return the key that `form` brought back, unless it is too old or not ours."""
    return offers.accept(holder().user_id, form.key.data or "", settings(), now())


def enrol_app(form: AppForm, key: bytes) -> Arrival | None:
    """Keep the app, which is a proof at once; None if the code does not belong to `key`."""
    who, name = holder(), form.name.data or KINDS[totp.KIND]
    typed = codes.find(form.code.data or "", totp.DIGITS)
    number = totp.enrol(who.user_id, key, typed, name, settings(), now())
    if number is None:
        return None
    changes.enrolled(who.user_id, totp.KIND, name, current_visitor(), now())
    proof = Proof(totp.KIND, now(), str(number))
    return second.forward(who, proof, current_visitor(), settings(), now())


def ask_for_codes(next_path: str) -> Response:
    """Return the page with the button that makes new recovery codes."""
    left = recovery_codes.left(holder().user_id)
    form = PlainForm(formdata=None, next=next_path)
    return _page("security/recovery_codes.html", codes_left=left, form=form, next_path=next_path)


def show_codes(new: tuple[str, ...], next_path: str) -> Response:
    """Return the page that shows new recovery codes, to be printed or kept as a file."""
    lines = [
        f"Recovery codes for {settings().site_name} ({settings().public_url})",
        f"Made on {day(now())}. Each works once.",
        "",
        *new,
        "",
    ]
    file = "data:text/plain;charset=utf-8," + quote("\r\n".join(lines))
    return _page("security/new_codes.html", codes=new, file=file, next_path=next_path)


def ask_to_remove(credential: Credential) -> Response:
    """Return the page that asks once more before a factor is removed."""
    held = credentials.of(holder().user_id)
    return _page(
        "security/remove.html",
        credential=credential,
        kind=KINDS[credential.kind],
        is_last=len(held) == 1,
        form=PlainForm(formdata=None),
    )


def _qr(uri: str) -> Markup:
    # Black on white in every theme: cameras want it so.
    drawn = segno.make(uri, error="m", micro=False)
    svg = drawn.svg_inline(
        border=4, dark="#000", light="#fff", svgclass="qr", lineclass=None, omitsize=True
    )
    return Markup(svg)  # noqa: S704 - a picture of our own address, without any text


def _page(template: str, status: int = 200, **shown: object) -> Response:
    return make_response(render_template(template, **shown), status)
