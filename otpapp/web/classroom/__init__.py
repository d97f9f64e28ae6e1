"""The pages of a class: registered, and even read, only where nobody real signs in."""

from otpapp.web.classroom.derivation_routes import blueprint as derivation
from otpapp.web.classroom.routes import blueprint as classroom
from otpapp.web.classroom.teaching_routes import blueprint as teaching

BLUEPRINTS = (classroom, derivation, teaching)
