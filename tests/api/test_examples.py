"""The documentation is true: every example in it is sent, and answered as it says."""

from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import OpenAPIV31SpecValidator

from procure.accounts.roles import Permission
from procure.api import openapi
from procure.api.entrance import JSON
from procure.api.operation import Operation
from procure.api.table import OPERATIONS
from tests.api.exchanges import ALL, EXCHANGES, body_of, exchanged, shortened
from tests.api.programs import Program, council
from tests.people import SECRETARIAT
from tests.stages import preparing

DOCUMENT = openapi.document()


def described(operation: Operation) -> dict[str, Any]:
    found: dict[str, Any] = DOCUMENT["paths"][operation.path][operation.method.lower()]
    return found


def check(schema: dict[str, Any], value: object) -> None:
    Draft202012Validator({**schema, "components": DOCUMENT["components"]}).validate(value)


def test_the_document_is_a_valid_openapi_document() -> None:
    assert list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors()) == []


def test_every_operation_is_described_and_has_its_exchange() -> None:
    said = {one["operationId"] for ways in DOCUMENT["paths"].values() for one in ways.values()}
    assert said == set(ALL) == set(EXCHANGES)


def test_an_operation_says_who_may_and_with_which_scope() -> None:
    for operation in OPERATIONS:
        said = described(operation)
        assert said["x-permission"] == operation.permission.name
        assert bool(said["security"]) == (operation.permission is not Permission.PUBLIC)
        assert said["x-scope"] == (operation.scope and operation.scope.value)


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda one: one.id)
def test_the_example_of_an_operation_is_answered_as_documented(sqlite_url: str, operation: Operation) -> None:
    said = described(operation)
    answer = exchanged(operation, sqlite_url)
    assert answer.status_code == operation.status, answer.text
    assert answer.headers["etag"].startswith('"')
    content = said["responses"][str(operation.status)]["content"]
    if operation.files:
        assert answer.headers["content-type"] in content
        return
    assert shortened(answer.json()) == content["application/json"]["example"]
    check(content["application/json"]["schema"], answer.json())


@pytest.mark.parametrize(
    "operation", [one for one in OPERATIONS if one.body and one.takes == JSON], ids=lambda one: one.id
)
def test_the_example_of_a_body_is_the_one_that_is_sent_and_fits_its_schema(operation: Operation) -> None:
    content = described(operation)["requestBody"]["content"]["application/json"]
    assert content["example"] == body_of(operation)
    check(content["schema"], content["example"])


def test_the_service_hands_out_the_document_without_a_token(sqlite_url: str) -> None:
    with council(sqlite_url, preparing) as town:
        answer = Program(town).get("/openapi.json")
    assert answer.status_code == 200
    assert answer.json() == DOCUMENT


def test_a_page_describes_every_operation_schema_and_problem(sqlite_url: str) -> None:
    with council(sqlite_url, preparing) as town:
        page = town.browser(None).get("/api/docs")
    assert page.status_code == 200
    ids = [*ALL, *(f"schema-{name}" for name in DOCUMENT["components"]["schemas"])]
    assert [one for one in ids if f'id="{one}"' not in page.text] == []
    assert 'id="version_stale"' in page.text
    assert "<script>" not in page.text


def test_a_problem_fits_its_schema(sqlite_url: str) -> None:
    with council(sqlite_url, preparing) as town:
        answer = Program(town, SECRETARIAT).send("POST", "/rounds", {"title": 1.5})
    assert answer.status_code == 422
    check({"$ref": "#/components/schemas/Problem"}, answer.json())
