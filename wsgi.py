"""What a WSGI server serves: `wsgi:app`."""

import os

from otpapp import create_app
from otpapp.delivery.worker import SERVED_POLL

app = create_app()

# The flask command imports this file too; its commands are not a server and send nothing.
if os.environ.get("FLASK_RUN_FROM_CLI") != "true" and (
    app.extensions["otpapp.settings"].sender == "thread"
):
    app.extensions["otpapp.worker"].start(SERVED_POLL)
