"""A test message, handed over at once while somebody waits to hear how it went."""

import threading
from concurrent.futures import Future
from contextlib import closing
from email.utils import make_msgid

from flask import Flask, current_app, render_template

from otpapp.delivery.inbox import InboxTransport
from otpapp.delivery.parcels import Mail, NotSent, TextMessage, Transport
from otpapp.delivery.post import transport_for
from otpapp.rules.identifiers import Address
from otpapp.settings import Settings

LAST_WORD = 1.0  # seconds; a transport that ends in time says better than we what went wrong


def hand_over(address: Address, settings: Settings, seconds: float) -> None:
    """Hand a test message over, or raise NotSent with the reason in words.

    Nobody waits longer than so many seconds and one more, whatever hangs: not every name server and
    every gateway can be told to hurry. What was begun may go on behind them.
    """
    transport = transport_for(address.channel, settings)
    if isinstance(transport, InboxTransport):
        name = "OTPAPP_MAIL_SERVER" if address.channel == "email" else "OTPAPP_SMS_URL"
        raise NotSent(f"{name} is not set, so messages go to /inbox. Nothing was sent.")
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
    done: Future[None] = Future()
    errand = (app, transport, parcel(address, settings), seconds, done)
    threading.Thread(target=_run, args=errand, daemon=True).start()
    try:
        done.result(seconds + LAST_WORD)
    except TimeoutError as error:
        words = f"There was no answer within {seconds:.0f} seconds. It may arrive all the same."
        raise NotSent(words) from error


def parcel(address: Address, settings: Settings) -> Mail | TextMessage:
    """Return the message itself."""
    host = settings.public.hostname or "localhost"
    words = render_template("mail/test.txt", settings=settings)
    if address.channel == "sms":
        return TextMessage(address.key, f"Test message from {host}. Text messages work.")
    return Mail(
        to=address.text,
        message_id=make_msgid(domain=host),
        subject=f"Test message from {settings.site_name}",
        text=words,
        html=render_template("mail/test.html", words=words),
        headers={"Auto-Submitted": "auto-generated"},
    )


def _run(
    app: Flask,
    transport: Transport,
    given: Mail | TextMessage,
    seconds: float,
    done: "Future[None]",
) -> None:
    try:
        with app.app_context(), closing(transport):
            transport.send(given, seconds)
    except Exception as error:
        done.set_exception(error)
    else:
        done.set_result(None)
