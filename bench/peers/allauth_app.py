"""A small site behind django-allauth, as a WSGI server runs it."""

import os

from django.core.management import call_command
from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "allauth_settings"
app = get_wsgi_application()


def prepare(number: int) -> None:
    """Make the tables and the users, each with a verified address."""
    # Models can be imported only once Django is set up.
    from allauth.account.models import EmailAddress
    from django.contrib.auth.models import User

    call_command("migrate", verbosity=0)
    addresses = [f"user{index:05}@example.org" for index in range(number)]
    users = [User(username=one, email=one, password="!") for one in addresses]
    User.objects.bulk_create(users)
    EmailAddress.objects.bulk_create(
        EmailAddress(user=user, email=user.email, verified=True, primary=True) for user in users
    )
