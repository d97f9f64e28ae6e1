"""flask post-restore"""

import click

from otpapp.clock import utc_now
from otpapp.commands.database import with_database
from otpapp.commands.keys import for_all_users
from otpapp.rules import upkeep
from otpapp.transaction import transaction


@click.command("post-restore")
@click.option("--yes", is_flag=True, help="Do not ask.")
@with_database
def post_restore(yes: bool) -> None:
    """Make a database safe that was restored from a backup, before it serves again.

    A backup brings old counters, codes and sessions back to life. This gives every user a new key
    and ends every session and every code: everybody signs in once more. Recovery codes end too,
    since some of them may have been used; users make new ones. So do access keys of programs, since
    some may have been ended. Groups, guests and rules of apps are those of the backup: look them
    through.

    \b
    Example:
      flask post-restore --yes
    """
    if not yes:
        click.confirm("Sign everybody out and replace every user's key?", abort=True)
    with transaction():
        sessions, challenges = upkeep.end_everything(utc_now())
    users = for_all_users(upkeep.replace_next)
    click.echo(f"Ended {sessions} sessions and {challenges} codes; {users} users have new keys.")
