"""What supervisors and load balancers ask: does the process live, and can it serve?"""

from flask import Blueprint, Response, abort, jsonify
from flask.typing import ResponseReturnValue

from otpapp import metrics
from otpapp.delivery.post import CHANNELS
from otpapp.rules import messages, readiness
from otpapp.rules.messages import Flow
from otpapp.web.current import now, settings
from otpapp.web.errors import DATABASE_FAULTS
from otpapp.web.guards import public
from otpapp.web.health.gauges import gauges

blueprint = Blueprint("health", __name__)
GONE = "the database does not answer; see OTPAPP_DATABASE_URL"
UNAVAILABLE = 503


@blueprint.get("/healthz")
@public
def healthz() -> ResponseReturnValue:
    """Say that this process answers; asks nothing and nobody."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@public
def readyz() -> ResponseReturnValue:
    """Say whether anybody can sign in, and whether messages go out.

    503 with the reasons where nobody can; where only messages wait it is degraded, and 200.
    """
    try:
        faults = readiness.faults(settings())
        flows = {} if faults else {one: messages.flow(one, now()) for one in CHANNELS}
    except DATABASE_FAULTS:
        faults, flows = [GONE], {}
    is_going = all(flow is Flow.GOING for flow in flows.values())
    status = "unready" if faults else "ready" if is_going else "degraded"
    answer = jsonify(status=status, faults=faults, delivery=flows)
    answer.status_code = UNAVAILABLE if faults else 200
    return answer


@blueprint.get("/metrics")
@public
def counted() -> ResponseReturnValue:
    """Tell Prometheus what was counted and how things stand; only where a site wants it."""
    if not settings().metrics:
        abort(404)
    return Response(metrics.written(gauges()), content_type=metrics.CONTENT_TYPE)
