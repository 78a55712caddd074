"""The API described: its OpenAPI document for programs, and a page of it for people, which needs no other server."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from litestar.handlers import HTTPRouteHandler

from procure.accounts.roles import Permission
from procure.api import openapi
from procure.api.operation import Operation, Sent, operation
from procure.api.problems import Kind, kinds
from procure.server import Answer, Page, Visit, get
from procure.server.programs import ADDRESS


@operation(
    "GET", "/openapi.json", Permission.PUBLIC, None, "この説明（OpenAPI 3.1）", tag="共通", answer=dict[str, Any]
)
def read_openapi(visit: Visit) -> Sent:
    return Sent(openapi.document())


@dataclass(frozen=True, slots=True)
class Parameter:
    name: str
    place: str
    text: str
    required: bool


@dataclass(frozen=True, slots=True)
class Described:
    """An operation to read; bodies are JSON, laid out, or None."""

    id: str
    method: str
    path: str
    summary: str
    text: str
    parameters: tuple[Parameter, ...]
    body: str | None
    body_kind: str | None
    status: str
    answer: str | None
    answer_kind: str | None
    refusals: str


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: str
    text: str
    required: bool


@dataclass(frozen=True, slots=True)
class Schema:
    name: str
    text: str
    fields: tuple[Field, ...]


@get("/api/docs", Permission.PUBLIC, opens_session=False)
def show_description(visit: Visit) -> Answer:
    described = openapi.document()
    values = {
        "address": ADDRESS,
        "tags": tuple(_tags(described)),
        "schemas": tuple(_schema(name, one) for name, one in sorted(described["components"]["schemas"].items())),
        "problems": _problems(),
        "version": openapi.VERSION,
    }
    return Page("api_docs.html", values)


def _problems() -> list[Kind]:
    return kinds()


def _tags(described: Mapping[str, Any]) -> Iterator[tuple[str, tuple[Described, ...]]]:
    every = [_described(method, path, one) for path, ways in described["paths"].items() for method, one in ways.items()]
    by_id = {one["operationId"]: one["tags"][0] for ways in described["paths"].values() for one in ways.values()}
    for tag in dict.fromkeys(by_id.values()):
        yield tag, tuple(one for one in every if by_id[one.id] == tag)


def _described(method: str, path: str, one: Mapping[str, Any]) -> Described:
    status, success = next((code, said) for code, said in one["responses"].items() if code.startswith("2"))
    body: Mapping[str, Any] = next(iter(one.get("requestBody", {}).get("content", {}).values()), {})
    answer = next(iter(success["content"].values()))
    return Described(
        id=one["operationId"],
        method=method.upper(),
        path=path,
        summary=one["summary"],
        text=one["description"],
        parameters=tuple(
            Parameter(said["name"], _PLACES[said["in"]], said["description"], said.get("required", False))
            for said in one["parameters"]
        ),
        body=_laid_out(body.get("example")),
        body_kind=_name_of(body.get("schema")),
        status=status,
        answer=_laid_out(answer.get("example")),
        answer_kind=_name_of(answer["schema"]) or "、".join(success["content"]),
        refusals="、".join(code for code in one["responses"] if code > "304"),
    )


_PLACES = {"path": "宛先", "query": "条件", "header": "見出し"}


def _laid_out(example: object) -> str | None:
    return None if example is None else json.dumps(example, ensure_ascii=False, indent=2)


def _name_of(schema: Mapping[str, Any] | None) -> str | None:
    return str(schema["$ref"]).rpartition("/")[2] if schema and "$ref" in schema else None


def _schema(name: str, one: Mapping[str, Any]) -> Schema:
    required = one.get("required", ())
    fields = tuple(
        Field(field, _kind(said), said.get("description", ""), field in required)
        for field, said in one.get("properties", {}).items()
    )
    values = "、".join(str(value) for value in one.get("enum", ()))
    return Schema(name, one.get("description", "") or values, fields)


def _kind(said: Mapping[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in said:
        return str(said["$ref"]).rpartition("/")[2]
    if "anyOf" in said:
        return " または ".join(_kind(one) for one in said["anyOf"])
    if "enum" in said:
        return "、".join(str(value) for value in said["enum"])
    if said.get("type") == "array":
        return f"{_kind(said.get('items', {}))} の配列"
    return _TYPES.get(str(said.get("format", said.get("type"))), str(said.get("type", "値")))


_TYPES = {
    "string": "文字列",
    "integer": "整数",
    "boolean": "真偽",
    "null": "null",
    "object": "オブジェクト",
    "date": "日付",
    "date-time": "日時",
    "uri-reference": "宛先",
}

operations: list[Operation] = [read_openapi]
routes: list[HTTPRouteHandler] = [show_description]
