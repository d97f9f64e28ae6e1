"""What a WSGI server serves: `wsgi:app`."""

import os
import sys

from otpapp import commands, create_app, create_bare_app, start
from otpapp.settings import BadSettings

# The flask command imports this file too; its commands are not a server.
is_command = os.environ.get("FLASK_RUN_FROM_CLI") == "true"

needs_settings = not (is_command and commands.is_first(sys.argv[1:]))

try:
    app = create_app() if needs_settings else create_bare_app()
    if not is_command:
        start(app)
except BadSettings as error:
    sys.exit(str(error))  # the list of faults, without a trace of where they were found
