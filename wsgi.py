"""What a WSGI server serves: `wsgi:app`."""

import os
import sys

from otpapp import create_app
from otpapp.delivery.worker import SERVED_POLL
from otpapp.settings import BadSettings

try:
    app = create_app()
except BadSettings as error:
    sys.exit(str(error))  # the list of faults, without a trace of where they were found

# The flask command imports this file too; its commands are not a server and send nothing.
if os.environ.get("FLASK_RUN_FROM_CLI") != "true" and (
    app.extensions["otpapp.settings"].sender == "thread"
):
    app.extensions["otpapp.worker"].start(SERVED_POLL)
