"""What a WSGI server serves: `wsgi:app`."""

import os
import sys

from otpapp import create_app, start
from otpapp.settings import BadSettings

try:
    app = create_app()
    # The flask command imports this file too; its commands are not a server.
    if os.environ.get("FLASK_RUN_FROM_CLI") != "true":
        start(app)
except BadSettings as error:
    sys.exit(str(error))  # the list of faults, without a trace of where they were found
