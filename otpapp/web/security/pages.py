"""What the pages of factors show."""

from urllib.parse import quote
from uuid import UUID

from flask import Response, make_response, render_template
from flask_login import current_user

from otpapp.models import Credential
from otpapp.otp import keys
from otpapp.otp.hotp import provisioning_uri as hotp_uri
from otpapp.otp.totp import provisioning_uri
from otpapp.rules import elsewhere, holdings, users
from otpapp.rules.factors import credentials, password, recovery_codes
from otpapp.rules.factors.working import Idle, why_idle, working
from otpapp.rules.verdicts import Limited
from otpapp.web import cookie, messages
from otpapp.web.current import holder, now, pending_sign_in, settings
from otpapp.web.looks import day, said, time_element
from otpapp.web.pictures import qr
from otpapp.web.security import enrolment
from otpapp.web.security.forms import AppForm, PasskeyForm, PlainForm, TokenForm

WHY_IDLE = {
    Idle.MOVED: "It was made for {name}, where this site was before, and opens nothing any more.",
    Idle.COPIED: "There seems to be a copy of it, so it opens nothing any more. Remove it.",
    Idle.OFF: "This site takes no passwords at present.",
    Idle.SHORT: "It is too short to count without another proof. Choose a longer one.",
}
KINDS = {"totp": "Authenticator app", "hotp": "Token", "passkey": "Passkey", "password": "Password"}


def overview(note: str) -> Response:
    """Return the page that lists the factors."""
    user_id = holder().user_id
    held = credentials.of(user_id)
    idle = _why_idle(held)
    return _page(
        "security/overview.html",
        addresses=users.addresses_of(user_id),
        credentials=held,
        idle=idle,
        has_factor=not all(idle.values()),
        has_password=any(one.kind == "password" for one in held),
        kinds=KINDS,
        codes_left=recovery_codes.left(user_id),
        few=recovery_codes.FEW,
        demand=holdings.demand(holdings.of(user_id, settings()), settings()),
        elsewhere=elsewhere.sessions(current_user.signed_in, now()),
        note=note,
    )


def new_app(form: AppForm, status: int = 200, *, error: str = "", alarm: str = "") -> Response:
    """Return the page that shows a key as a QR code and in letters, and takes the first code."""
    key = enrolment.offer(form)
    uri = provisioning_uri(key, enrolment.whose(), settings().site_name)
    return _with_key("security/app.html", status, key, uri, form=form, error=error, alarm=alarm)


def new_token(form: TokenForm, status: int = 200, *, error: str = "", alarm: str = "") -> Response:
    """Return the page that takes two codes of a token, whose key is typed or scanned here."""
    key = enrolment.offer(form)
    uri = hotp_uri(key, enrolment.whose(), settings().site_name)
    return _with_key("security/token.html", status, key, uri, form=form, error=error, alarm=alarm)


def new_passkey(form: PasskeyForm, status: int = 200, *, alarm: str = "") -> Response:
    """Return the page whose script has a passkey made."""
    cookie.browser_secret()
    shown = {"form": form, "alarm": alarm, "is_on_the_way": pending_sign_in() is not None}
    return _page("security/passkey.html", status, **shown)


def ask_for_codes(next_path: str, refused: Limited | None = None) -> Response:
    """Return the page with the button that makes new recovery codes, or says when it does again."""
    shown = {
        "codes_left": recovery_codes.left(holder().user_id),
        "form": PlainForm(formdata=None, next=next_path),
        "next_path": next_path,
        "alarm": said(messages.limited(refused, now(), time_element)) if refused else "",
    }
    answer = _page("security/recovery_codes.html", messages.TOO_MANY if refused else 200, **shown)
    answer.headers.update(messages.retry_after(refused, now()) if refused else {})
    return answer


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


def ask_to_remove(credential: Credential, status: int = 200) -> Response:
    """Return the page that asks once more before a factor is removed, or says what comes first."""
    held = credentials.of(holder().user_id)
    rest = working([one for one in held if one.id != credential.id], settings())
    return _page(
        "security/remove.html",
        status,
        credential=credential,
        opens=not why_idle(credential, held, settings()),
        leaves_short_password=password.would_be_alone(credential, settings()),
        shortest=password.ALONE,
        kind=KINDS[credential.kind],
        is_last=not rest,
        leaves_a_code=not holdings.SECONDS.intersection(one.kind for one in rest),
        form=PlainForm(formdata=None),
    )


def _why_idle(held: list[Credential]) -> dict[UUID, str]:
    found = {one: why_idle(one, held, settings()) for one in held}
    return {
        one.id: WHY_IDLE[why].format(name=one.details.get("rp_id")) if why else ""
        for one, why in found.items()
    }


def _with_key(template: str, status: int, key: bytes, uri: str, **shown: object) -> Response:
    picture = qr(uri)
    return _page(template, status, qr=picture, uri=uri, groups=keys.groups(key), **shown)


def _page(template: str, status: int = 200, **shown: object) -> Response:
    return make_response(render_template(template, **shown), status)
