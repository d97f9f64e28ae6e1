"""The front desk: begin a sign-in, have the code sent again, prove, and see what is missing."""

from otpapp.rules.sign_in.arriving import Arrival, arrive, go_on, may_trust, missing, route_of
from otpapp.rules.sign_in.asking import Begun, Sent, begin, send_again, send_new
from otpapp.rules.sign_in.by_passkey import Way, prove_by_passkey
from otpapp.rules.sign_in.proving import Outcome, answer, prove, prove_nothing
from otpapp.rules.sign_in.steps import DONE, Step, next_step

__all__ = [
    "DONE",
    "Arrival",
    "Begun",
    "Outcome",
    "Sent",
    "Step",
    "Way",
    "answer",
    "arrive",
    "begin",
    "go_on",
    "may_trust",
    "missing",
    "next_step",
    "prove",
    "prove_by_passkey",
    "prove_nothing",
    "route_of",
    "send_again",
    "send_new",
]
