"""otpapp: the sign-in page that a small team puts in front of anything nginx serves."""

import logging
import os
from collections.abc import Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from flask import Flask
from sqlalchemy import make_url
from sqlalchemy.exc import OperationalError
from werkzeug.middleware.proxy_fix import ProxyFix

from otpapp import commands, logs, metrics, web
from otpapp.connections import tune
from otpapp.delivery.worker import SERVED_POLL, Worker
from otpapp.extensions import csrf, db, mail, migrate
from otpapp.rules import readiness
from otpapp.settings import BadSettings, Settings, from_env
from otpapp.settings.model import ROOT
from otpapp.web.gate.check import Gate

log = logging.getLogger("otpapp")


def create_app(settings: Settings | None = None) -> Flask:
    """Return the app that `settings` describe, by default those of the environment.

    This is the one place where the parts are joined. Raises BadSettings.
    """
    settings = settings or from_env(os.environ)
    app = Flask(__name__, template_folder=ROOT / "templates", static_folder=ROOT / "static")
    app.config.update(settings.flask())
    app.extensions["otpapp.settings"] = settings
    app.extensions |= {"otpapp.environ": os.environ, "otpapp.factory": create_app}
    _make_folder(settings.database_url)
    if settings.metrics:
        # The name is prometheus_client's own: by it processes find each other's numbers.
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = settings.metrics
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"))
    mail.init_app(app)
    web.init_app(app, settings)
    csrf.init_app(app)
    commands.init_app(app)
    app.extensions["otpapp.worker"] = Worker(app, settings)
    with app.app_context():
        tune(db.engine)
    if settings.trusted_proxies:
        # X22, X24: exactly as many hops as configured, and never a host from a header.
        hops = settings.trusted_proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]
            app.wsgi_app, x_for=hops, x_proto=hops, x_host=0, x_port=0, x_prefix=0
        )
    # Outermost: a check is asked by a proxy itself, whatever others wrote about who is asking.
    app.wsgi_app = Gate(app, app.wsgi_app, settings)  # type: ignore[method-assign]
    return app


def create_bare_app(environ: Mapping[str, str] = os.environ) -> Flask:
    """Return what runs the commands that come before there are settings, and serves nobody."""
    app = Flask(__name__)
    app.extensions |= {"otpapp.environ": environ, "otpapp.factory": create_app}
    commands.init_first(app)
    return app


def start(app: Flask) -> None:
    """Have `app` ready to serve: see that its database is, let it send messages and keep a log.

    Raises BadSettings where an operator has something to put right first.
    """
    settings = app.extensions["otpapp.settings"]
    logs.configure(settings)
    with app.app_context(), suppress(OperationalError):
        # A server that forks after this gives each process connections of its own.
        os.register_at_fork(after_in_child=partial(db.engine.dispose, close=False))
        # A database that is away for the moment keeps nobody from starting.
        faults = readiness.faults(settings)
        if faults:
            raise BadSettings(faults)
        for words in readiness.warnings(settings):
            log.warning("%s", words)
    if settings.metrics:
        metrics.keep_in(settings.metrics)
    if settings.is_classroom:
        web.begin_classroom(app)
    if settings.sender == "thread":
        app.extensions["otpapp.worker"].start(SERVED_POLL)


def _make_folder(database_url: str) -> None:
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite" and url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
