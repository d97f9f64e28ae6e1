"""The README speaks of the settings there are, and of no others."""

import re
from pathlib import Path

import pytest

from otpapp.settings import page
from otpapp.settings.model import NAMES

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


SETTINGS = (ROOT / "docs" / "settings.md").read_text()


def test_the_page_of_settings_is_what_the_code_says():
    assert page.text() == SETTINGS, "run: make docs"


@pytest.mark.parametrize("name", NAMES)
def test_every_setting_has_its_row(name):
    assert len(re.findall(rf"^\| `{name}` \|(?:[^|]+\|){{3}}$", SETTINGS, re.MULTILINE)) == 1


def test_the_readme_leads_to_the_page_of_settings():
    assert "[docs/settings.md](docs/settings.md)" in README


def test_every_name_the_readme_mentions_exists():
    for name in re.findall(r"OTPAPP_[A-Z_]+", README):
        assert name in NAMES or name.removesuffix("_FILE") in NAMES, name


def test_every_file_the_readme_names_exists():
    named = re.findall(r"\b(?:deploy|docs|tests)/[a-z/_-]+\.[a-z]+", README)
    assert "deploy/nginx/otpapp.conf" in named
    for name in named:
        assert (ROOT / name).is_file(), name


def test_every_make_target_the_readme_names_exists():
    makefile = (ROOT / "Makefile").read_text()
    for target in re.findall(r"^    make ([a-z]+)", README, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
