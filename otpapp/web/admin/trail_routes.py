"""The trail: looked through, and saved as a file."""

from dataclasses import fields
from tempfile import SpooledTemporaryFile
from typing import IO, Any, cast

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue

from otpapp.rules.people import seeking, telling, trail
from otpapp.rules.people.seeking import Typed
from otpapp.rules.people.trail import Sought
from otpapp.transaction import transaction
from otpapp.web import lines, messages
from otpapp.web.admin import pages, people_pages
from otpapp.web.admin.forms import ExportForm
from otpapp.web.admin.guards import changes_site, for_admins
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_trail", __name__, url_prefix="/admin/events")
PAGE = "admin/events.html"
LARGEST = 10**18  # a line's number fits in it, and in every database
IN_MEMORY = 2**20  # bytes
MOST = 100_000  # lines of a file; a thread that serves pages writes it
KINDS = {"csv": ("text/csv", telling.as_csv), "jsonl": ("application/jsonl", telling.as_json)}


@blueprint.get("")
@for_admins
def every() -> ResponseReturnValue:
    """List what happened, the newest first, or what is looked for of it."""
    typed = Typed(**{one.name: people_pages.asked(one.name) for one in fields(Typed)})
    before = request.args.get("before", 0, type=int)
    return _page(typed, before if 0 <= before < LARGEST else 0)


@blueprint.post("/export")
@changes_site
def export() -> ResponseReturnValue:
    """Send what is looked for as a file, some lines at a time, and note who has it."""
    form = ExportForm()
    typed = form.typed()
    sought, kind = seeking.read(typed, settings()), form.file.data or ""
    if isinstance(sought, list) or kind not in KINDS:
        return _page(typed)
    with transaction():
        telling.record_exported(kind, now(), pages.me())
    answer = send_file(
        _file(sought, kind), KINDS[kind][0], as_attachment=True, download_name=f"events.{kind}"
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


def _page(typed: Typed, before: int = 0) -> Response:
    sought = seeking.read(typed, settings())
    shown: dict[str, Any] = {"typed": typed, "before": before, "most": MOST}
    shown |= {"form": ExportForm(formdata=None), "narrowed": people_pages.narrowed(typed)}
    if isinstance(sought, list):
        faults = [lines.unread(one, settings()) for one in sought]
        return pages.page(PAGE, messages.UNPROCESSABLE, faults=faults, lines=[], **shown)
    found = trail.page(sought, before)
    return pages.page(PAGE, lines=people_pages.told(found), older=found.before, **shown)


def _file(sought: Sought, kind: str) -> IO[bytes]:
    """Write all of it before any of it is sent, out of memory where it is much.

    A slow reader holds no snapshot of the database, and what fails is no half of a file.
    """
    found = SpooledTemporaryFile(IN_MEMORY)  # noqa: SIM115 - closed with the answer
    if kind == "csv":
        found.write(telling.HEADER.encode())
    for page in telling.pages(sought, MOST):
        found.write(KINDS[kind][1](page).encode())
    found.seek(0)
    return cast("IO[bytes]", found)
