"""Revisions are numbered, one after the other, and each says what it does."""

import re
from pathlib import Path

import pytest
from alembic.script import ScriptDirectory

FOLDER = Path(__file__).parents[2] / "migrations"
REVISIONS = sorted(
    ScriptDirectory(str(FOLDER)).walk_revisions(), key=lambda script: script.revision
)


def test_revisions_are_numbered_from_one_without_gaps():
    numbers = [script.revision for script in REVISIONS]
    assert numbers == [f"{number:04}" for number in range(1, len(numbers) + 1)]


def test_each_revision_follows_the_one_before():
    before = [None, *(script.revision for script in REVISIONS)]
    for script, expected in zip(REVISIONS, before, strict=False):
        assert script.down_revision == expected


@pytest.mark.parametrize("script", REVISIONS, ids=lambda script: script.revision)
def test_each_revision_says_in_one_sentence_what_it_does(script):
    assert re.fullmatch(r"[A-Z][^\n]+\.", (script.module.__doc__ or "").strip())


@pytest.mark.parametrize("script", REVISIONS, ids=lambda script: script.revision)
def test_each_file_is_named_after_its_number(script):
    assert re.fullmatch(rf"{script.revision}_[a-z_]+\.py", Path(script.path).name)
