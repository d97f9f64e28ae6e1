"""People out of a spreadsheet: looked at line by line, then added and changed."""

from collections.abc import Sequence

from flask import Blueprint, Response, redirect, url_for
from flask.typing import ResponseReturnValue

from otpapp.rules.people import importing, reading
from otpapp.rules.people.importing import Done, Step
from otpapp.rules.people.reading import Fault, Read, Row
from otpapp.transaction import transaction
from otpapp.web import cookie, lines
from otpapp.web.admin import pages, words
from otpapp.web.admin.forms import ImportForm
from otpapp.web.admin.guards import changes_site
from otpapp.web.current import now, settings

blueprint = Blueprint("admin_people_file", __name__, url_prefix="/admin/people/import")
FORM = "admin/people_import.html"


@blueprint.get("")
@changes_site
def ask() -> ResponseReturnValue:
    """Ask for the text of a file; its size is bounded as that of all forms."""
    return pages.form(FORM, ImportForm(formdata=None))


@blueprint.post("")
@changes_site
def import_() -> ResponseReturnValue:
    """Show what each line would do; once that was seen, do the lines that are right."""
    form = ImportForm()
    read = reading.read(form.text.data or "", settings())
    steps = importing.preview(read.rows)
    seen = importing.seen_by(steps)
    if form.seen.data != seen or not _news(steps):
        is_stale = bool(form.seen.data) and form.seen.data != seen
        form.seen.data = seen
        return _show(form, read, steps, is_stale=is_stale)
    refused = _apply(_news(steps))
    if refused:
        return _show(form, read, refused, is_stale=False)
    cookie.leave_note("people_imported")
    return redirect(url_for("admin_people.every"), 303)


def _apply(rows: Sequence[Row]) -> list[Step | Fault]:
    """Do these lines, some at a time; return those that could not be done after all."""
    done: list[Step | Fault] = []
    for batch in importing.batches(rows):
        with transaction():
            done += importing.apply(batch, settings(), now(), pages.me())
    return [one for one in done if isinstance(one, Fault)]


def _news(steps: Sequence[Step | Fault]) -> list[Row]:
    return [one.row for one in steps if isinstance(one, Step) and one.done is not Done.SAME]


def _show(
    form: ImportForm, read: Read, steps: Sequence[Step | Fault], *, is_stale: bool
) -> Response:
    faults = sorted(
        [*read.faults, *(one for one in steps if isinstance(one, Fault))], key=lambda one: one.line
    )
    said = [lines.fault(one, settings()) for one in faults]
    return pages.form(
        FORM,
        form,
        [words.CHANGED_MEANWHILE] * is_stale + said,
        status=200 if not said and not is_stale else 0,
        steps=[one for one in steps if isinstance(one, Step)],
        done=words.STEPS,
        is_possible=bool(_news(steps)),
        is_read=True,
    )
