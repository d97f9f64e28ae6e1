"""flask apps snippet"""

import click

from otpapp.commands.apps.reading import app_of, settings
from otpapp.commands.database import with_database
from otpapp.web.gate import snippets


@click.command("snippet")
@click.argument("name")
@click.option(
    "--for", "kind", type=click.Choice(tuple(snippets.KINDS)), default="nginx", show_default=True
)
@click.option("--to", default="", help="Where the app itself is served, as http://127.0.0.1:3000.")
@click.option("--root", default="", help="Or the folder of a static site.")
@click.option(
    "--public", multiple=True, help="A folder as /public/, or one address: served without asking."
)
@click.option("--at", default="", help="Where otpapp is served, as 127.0.0.1:8000.")
@click.option("--certificate", default="", help="The folder of fullchain.pem and privkey.pem.")
@with_database
def snippet(name: str, kind: str, public: tuple[str, ...], **said: str) -> None:
    """Write what a proxy must be told so that it asks the gate for an app.

    \b
    Examples:
      flask apps snippet wiki --to http://127.0.0.1:3000 > /etc/nginx/conf.d/wiki.conf
      flask apps snippet wiki --root /srv/wiki --for caddy
    """
    site = snippets.site_of(app_of(name), settings(), public=public, **said)
    found = snippets.faults(site, kind)
    if found:
        raise click.ClickException("; ".join(found) + ".")
    click.echo(snippets.write(kind, site), nl=False)
