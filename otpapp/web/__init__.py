"""The doors: pages and the JSON API. No rule is decided here."""

from flask import Flask

from otpapp.settings import Settings
from otpapp.web import cookie, current, errors, guards, headers, looks, timing, unsent
from otpapp.web.account.activity_routes import blueprint as account_activity
from otpapp.web.account.adding_routes import blueprint as adding
from otpapp.web.account.export_routes import blueprint as account_export
from otpapp.web.account.identifier_routes import blueprint as identifiers
from otpapp.web.account.leaving_routes import blueprint as account_leaving
from otpapp.web.account.routes import blueprint as account
from otpapp.web.account.session_routes import blueprint as account_sessions
from otpapp.web.admin.apps_routes import blueprint as admin_apps
from otpapp.web.admin.belonging_routes import blueprint as admin_belonging
from otpapp.web.admin.deed_routes import blueprint as admin_deeds
from otpapp.web.admin.file_routes import blueprint as admin_files
from otpapp.web.admin.guest_routes import blueprint as admin_guests
from otpapp.web.admin.invitation_routes import blueprint as admin_invitations
from otpapp.web.admin.key_routes import blueprint as admin_keys
from otpapp.web.admin.people_file_routes import blueprint as admin_people_file
from otpapp.web.admin.people_routes import blueprint as admin_people
from otpapp.web.admin.preview_routes import blueprint as admin_previews
from otpapp.web.admin.request_routes import blueprint as admin_requests
from otpapp.web.admin.routes import blueprint as admin
from otpapp.web.admin.rule_routes import blueprint as admin_rules
from otpapp.web.admin.settings_routes import blueprint as admin_settings
from otpapp.web.admin.trail_routes import blueprint as admin_trail
from otpapp.web.api.routes import blueprint as api
from otpapp.web.changed.routes import blueprint as changed
from otpapp.web.gate.at_app import blueprint as at_app
from otpapp.web.gate.routes import blueprint as gate
from otpapp.web.health.routes import blueprint as health
from otpapp.web.home.routes import blueprint as home
from otpapp.web.inbox.routes import blueprint as inbox
from otpapp.web.invited.routes import blueprint as invited
from otpapp.web.not_me.routes import blueprint as not_me
from otpapp.web.prove.routes import blueprint as prove
from otpapp.web.security.passkey_routes import blueprint as passkey
from otpapp.web.security.password_routes import blueprint as password
from otpapp.web.security.routes import blueprint as security
from otpapp.web.security.token_routes import blueprint as token
from otpapp.web.sign_in.by_passkey import blueprint as sign_in_by_passkey
from otpapp.web.sign_in.by_password import blueprint as sign_in_by_password
from otpapp.web.sign_in.routes import blueprint as sign_in

SIGNING_IN = (sign_in, sign_in_by_passkey, prove)
ACCOUNT = (
    *(account, identifiers, adding, account_sessions),
    *(account_activity, account_export, account_leaving),
)
MINE = (home, *ACCOUNT, security, token, passkey)
ADMIN = (admin, admin_apps, admin_rules, admin_guests, admin_keys, admin_files, admin_requests)
SITE = (admin_settings, admin_previews)
PEOPLE = (
    *(admin_people, admin_deeds, admin_belonging, admin_people_file),
    *(admin_invitations, admin_trail),
)
OTHERS = (gate, at_app, changed, invited, not_me, api, health)
BLUEPRINTS = (*SIGNING_IN, *MINE, *ADMIN, *PEOPLE, *SITE, *OTHERS)


def init_app(app: Flask, settings: Settings) -> None:
    """Register every blueprint and what all pages share."""
    cookie.init_app(app)
    current.init_app(app)
    headers.init_app(app)
    errors.init_app(app)
    unsent.init_app(app)
    guards.init_app(app)
    looks.init_app(app, settings)
    if settings.metrics:
        timing.init_app(app)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    if settings.passwords:
        app.register_blueprint(sign_in_by_password)
        app.register_blueprint(password)
    if settings.is_classroom:
        _register_classroom(app)
    elif settings.inbox_channels:
        app.register_blueprint(inbox)


def begin_classroom(app: Flask) -> None:
    """Have a server for a class read the clock of its room."""
    from otpapp.web.classroom.here import begin

    begin(app)


def _register_classroom(app: Flask) -> None:
    # Where real people sign in, none of it is even read.
    from otpapp.web.classroom import BLUEPRINTS

    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
