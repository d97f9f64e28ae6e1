"""The OpenAPI file describes exactly the API that there is."""

import json
import re

import jsonschema_rs
import pytest
import schemathesis

from otpapp.rules.verdicts import Verdict
from otpapp.web.api.routes import OPENAPI

DESCRIPTION = json.loads(OPENAPI.read_text())
SHARED = DESCRIPTION["components"]
OPERATIONS = [
    (path, method, operation)
    for path, methods in DESCRIPTION["paths"].items()
    for method, operation in methods.items()
    if method != "parameters"
]


def parts(found, path=""):
    """Yield every object of the file with the path that leads to it."""
    if isinstance(found, dict):
        yield path, found
    items = found.items() if isinstance(found, dict) else enumerate(found)
    for name, part in items if isinstance(found, dict | list) else ():
        yield from parts(part, f"{path}/{name}") if isinstance(part, dict | list) else ()


def follow(reference: str) -> dict:
    """Return what `#/components/…` leads to."""
    found = DESCRIPTION
    for name in reference.removeprefix("#/").split("/"):
        found = found[name]
    return found


def test_it_is_valid_openapi():
    schemathesis.openapi.from_dict(DESCRIPTION).validate()


def test_it_lists_exactly_the_routes(app):
    routes = {
        (re.sub(r"<(\w+)>", r"{\1}", rule.rule), method.lower())
        for rule in app.url_map.iter_rules()
        if rule.endpoint.startswith("api.")
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert {(path, method) for path, method, _ in OPERATIONS} == routes


def test_it_is_served_to_everyone_as_it_is(program):
    answer = program.get("/api/openapi.json")
    assert (answer.status_code, answer.data) == (200, OPENAPI.read_bytes())
    assert "Expires" not in answer.headers


def test_it_names_the_verdicts_of_the_rules():
    assert SHARED["schemas"]["Verdict"]["enum"] == [verdict.value for verdict in Verdict]


@pytest.mark.parametrize(
    ("path", "method", "operation"), OPERATIONS, ids=[f"{m} {p}" for p, m, _ in OPERATIONS]
)
def test_each_operation_says_whether_it_needs_a_token(app, program, path, method, operation):
    answer = program.open(path.replace("{identifier}", "alice@example.org"), method=method)
    assert (answer.status_code == 401) == bool(operation["security"])
    assert ("401" in operation["responses"]) == bool(operation["security"])


def test_every_limited_answer_has_a_retry_after():
    for path, method, operation in OPERATIONS:
        for status, answer in operation["responses"].items():
            headers = follow(answer["$ref"])["headers"] if "$ref" in answer else {}
            assert ("Retry-After" in headers) == (status in ("429", "503")), (path, method, status)


def test_every_part_is_used():
    used = {part["$ref"] for _, part in parts(DESCRIPTION) if "$ref" in part}
    there = {
        f"#/components/{kind}/{name}"
        for kind, named in SHARED.items()
        if kind != "securitySchemes"
        for name in named
    }
    assert used == there


def test_every_example_fits_its_schema():
    examples = 0
    for path, part in parts(DESCRIPTION):
        if "schema" not in part:
            continue
        schema = {"components": SHARED, **part["schema"]}
        validator = jsonschema_rs.Draft202012Validator(schema)
        for example in part.get("examples", {}).values():
            value = follow(example["$ref"])["value"] if "$ref" in example else example["value"]
            assert validator.is_valid(value), (path, value)
            examples += 1
    assert examples > 15
