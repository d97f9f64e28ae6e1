"""flask send-test"""

from email.utils import make_msgid

import click
from flask import current_app, render_template
from flask.cli import with_appcontext

from otpapp.commands.addresses import address_of
from otpapp.delivery.inbox import InboxTransport
from otpapp.delivery.parcels import Mail, NotSent, TextMessage
from otpapp.delivery.post import transport_for
from otpapp.rules.identifiers import Address
from otpapp.settings import Settings

PATIENCE = 60.0  # seconds; somebody waits and watches


@click.command("send-test")
@click.argument("identifier")
@with_appcontext
def send_test(identifier: str) -> None:
    """Send a real test message to IDENTIFIER and say in words what went wrong.

    \b
    Examples:
      flask send-test alice@example.org
      flask send-test +12025550143
    """
    settings = current_app.extensions["otpapp.settings"]
    address = address_of(identifier)
    transport = transport_for(address.channel, settings)
    if isinstance(transport, InboxTransport):
        name = "OTPAPP_MAIL_SERVER" if address.channel == "email" else "OTPAPP_SMS_URL"
        raise click.ClickException(
            f"{name} is not set, so messages go to /inbox. Nothing was sent."
        )
    try:
        transport.send(_parcel(address, settings), PATIENCE)
    except NotSent as error:
        said = f"\nThe server said: {error.said}" if error.said else ""
        raise click.ClickException(f"{error}{said}") from error
    finally:
        transport.close()
    click.echo(f"Handed over. Look whether it arrives at {address.text}.")


def _parcel(address: Address, settings: Settings) -> Mail | TextMessage:
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
