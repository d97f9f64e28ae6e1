"""What is shipped for reading is what the command writes."""

from pathlib import Path

from flask import Flask

SHIPPED = Path(__file__).parents[3] / "deploy" / "nginx" / "wiki.conf"


def test_the_shipped_site_is_the_one_that_the_command_writes(app: Flask, run):
    run("apps", "add", "wiki", "https://wiki.example.org", "--title", "Wiki")
    options = ("--to", "http://127.0.0.1:3000", "--public", "/public/")
    assert SHIPPED.read_text() == run("apps", "snippet", "wiki", *options)
