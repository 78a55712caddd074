"""The OpenAPI 3.1 document, made from the table of operations: what is described is what is routed."""

import json
import typing
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import msgspec
from msgspec import Struct

from procure.accounts.roles import Permission
from procure.accounts.scopes import Scope
from procure.api.entrance import JSON
from procure.api.operation import Operation
from procure.api.problems import kinds
from procure.api.table import OPERATIONS
from procure.server.programs import ADDRESS, PROBLEM

Json = dict[str, Any]
VERSION = "1.0.0"
_REF = "#/components/schemas/{name}"
_TEXT = """地方公共団体の共同調達サービスのAPIです。画面で行えることを、同じ権限と同じ規則で行えます。

- 「APIトークン」の画面で作ったトークンを `Authorization: Bearer procure_…` で送ります。
- 金額は円の整数か、銭があるときは十進表記の文字列です。小数の数値は使いません。
- 読み取りの応答には `ETag` が付きます。変更には、読み取った `ETag` を `If-Match` で送ります。
- `Idempotency-Key` を付けた送信は、24時間のうちに何度届いても一度だけ行われます。
"""
_NAMES = {
    "ref": ("案件番号", "R3-1"),
    "lot": ("ロットの記号", "pc"),
    "code": ("団体コード（6桁）", "292117"),
    "number": ("入札の回（1〜3）", "1"),
    "suspension": ("指名停止の番号（事業者の suspensions の id）", "1"),
    "name": ("帳票の名前（一覧の path の最後）", "award.pdf"),
}
_NAMES_OF = {
    ("get_lot_document", "name"): ("帳票の名前", "opening.pdf"),
    ("get_an_attachment", "number"): ("資料の番号（一覧の id）", "1"),
    ("get_own_attachment", "number"): ("資料の番号（一覧の id）", "1"),
    ("read_a_question", "number"): ("質問の番号（一覧の id）", "1"),
    ("answer_a_question", "number"): ("質問の番号（一覧の id）", "1"),
    ("remove_an_attachment", "number"): ("資料の番号（一覧の id）", "1"),
    ("read_a_supplier", "number"): ("事業者の番号（一覧の id）", "1"),
    ("change_a_supplier", "number"): ("事業者の番号（一覧の id）", "1"),
    ("suspend_a_supplier", "number"): ("事業者の番号（一覧の id）", "1"),
    ("lift_a_suspension", "number"): ("事業者の番号（一覧の id）", "1"),
    ("reverse_a_slip", "number"): ("記録の番号（契約の slips の number）", "3"),
    ("reverse_a_slip_for_a_body", "number"): ("記録の番号（契約の slips の number）", "3"),
    ("read_a_document_job", "number"): ("作成の番号（求めたときの id）", "1"),
    ("cancel_a_document_job", "number"): ("作成の番号（求めたときの id）", "1"),
    ("get_document_archive", "name"): ("all.zip か notices.zip", "notices.zip"),
    ("get_notice", "name"): ("団体コード.pdf", "292117.pdf"),
    ("get_orders", "name"): ("団体コード.xlsx", "292117.xlsx"),
}
_FAULT = {
    "type": "object",
    "required": ["field", "message"],
    "properties": {"field": {"type": "string"}, "message": {"type": "string"}},
}
_PROBLEM: Json = {
    "type": "object",
    "title": "Problem",
    "description": "受け付けられなかった理由（RFC 9457）。type の # の後が、理由の種類です。",
    "required": ["type", "title", "status", "detail", "faults"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "原因と対処"},
        "faults": {"type": "array", "items": _FAULT, "description": "誤りのある項目"},
    },
}


@cache
def document() -> Json:
    """The whole document, as JSON values."""
    paths: dict[str, Json] = {}
    for operation in (*OPERATIONS, *_described_by_itself()):
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {"title": "共同調達システム API", "version": VERSION, "description": _TEXT},
        "servers": [{"url": ADDRESS}],
        "tags": [{"name": tag} for tag in dict.fromkeys(one.tag for one in OPERATIONS)],
        "paths": paths,
        "components": {
            "schemas": {**_schemas(), "Problem": _PROBLEM},
            "responses": {_response_name(status): _problem_response(status) for status in _statuses()},
            "headers": _HEADERS,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "procure_ で始まるトークン"}
            },
        },
    }


def examples() -> Mapping[str, Any]:
    """What operations answer to their examples, by the id of the operation: recorded, and compared by the tests."""
    text = files("procure").joinpath("examples/api.json").read_text(encoding="utf-8")
    recorded: dict[str, Any] = json.loads(text)
    return recorded


# ---- operations --------------------------------------------------------------------------------------


def _described_by_itself() -> tuple[Operation, ...]:
    from procure.api.description import operations  # noqa: PLC0415  (it hands out this very document)

    return tuple(operations)


def _operation(operation: Operation) -> Json:
    described: Json = {
        "operationId": operation.id,
        "summary": operation.summary,
        "tags": [operation.tag],
        "description": _description(operation),
        "parameters": list(_parameters(operation)),
        "responses": _responses(operation),
        "security": [] if operation.permission is Permission.PUBLIC else [{"token": []}],
        "x-permission": operation.permission.name,
        "x-scope": operation.scope.value if operation.scope else None,
    }
    if operation.body is not None:
        described["requestBody"] = _body(operation)
    return described


def _description(operation: Operation) -> str:
    if operation.permission is Permission.PUBLIC:
        return "トークンは要りません。"
    scope = f"「{operation.scope.label}」（{operation.scope.value}）" if operation.scope else "どの"
    return f"{scope}のトークンで行えます。" if operation.scope else "どのトークンでも行えます。"


def _parameters(operation: Operation) -> Iterator[Json]:
    for name in operation.parameters:
        text, example = named(operation, name)
        yield {
            "name": name,
            "in": "path",
            "required": True,
            "description": text,
            "schema": {"type": "string"},
            "example": example,
        }
    for query in operation.query:
        schema = {"type": "string", "pattern": query.pattern}
        yield {"name": query.name, "in": "query", "description": query.text, "schema": schema}
    if operation.method == "GET":
        yield _header("If-None-Match", "前に読み取った ETag。変わっていなければ 304 が返ります。")
    else:
        yield _header("Idempotency-Key", "送信ごとに異なる値（UUIDなど、255字以内）。届け直しても一度だけ行われます。")
    if operation.matches:
        yield _header("If-Match", "変更する前に読み取った ETag", required=True)


def named(operation: Operation, name: str) -> tuple[str, str]:
    """What a parameter of the path is, and an example."""
    return _NAMES_OF.get((operation.id, name)) or _NAMES[name]


def _header(name: str, text: str, *, required: bool = False) -> Json:
    return {"name": name, "in": "header", "required": required, "description": text, "schema": {"type": "string"}}


def _body(operation: Operation) -> Json:
    if operation.takes != JSON:
        return {"required": True, "content": {operation.takes: {"schema": {"type": "string", "format": "binary"}}}}
    content: Json = {"schema": _schema_of(operation.body)}
    example = operation.example if operation.example is not None else examples().get(f"{operation.id}:body")
    if example is not None:
        content["example"] = example
    return {"required": bool(example), "content": {JSON: content}}


# ---- responses ---------------------------------------------------------------------------------------

_HEADERS: Json = {
    "ETag": {"description": "この内容の版", "schema": {"type": "string"}},
    "Link": {"description": '続きの宛先（rel="next"）', "schema": {"type": "string"}},
    "Location": {"description": "作成したものの宛先", "schema": {"type": "string"}},
    "IdempotencyReplayed": {"description": "前と同じ送信への、同じ応答", "schema": {"type": "string"}},
}


def _responses(operation: Operation) -> Json:
    found: Json = {str(operation.status): _success(operation)}
    if operation.method == "GET":
        found["304"] = {"description": "変わっていません（本文なし）"}
    for status in sorted(set(_refusals(operation))):
        found[str(status)] = {"$ref": f"#/components/responses/{_response_name(status)}"}
    return found


def _success(operation: Operation) -> Json:
    if operation.files:
        binary = {media: {"schema": {"type": "string", "format": "binary"}} for media in operation.files}
        return {"description": "ファイル", "headers": {"ETag": _header_ref("ETag")}, "content": binary}
    content: Json = {"schema": _schema_of(operation.answer)}
    if operation.id in examples():
        content["example"] = examples()[operation.id]
    headers = {"ETag": _header_ref("ETag")}
    if operation.status == 201:
        headers["Location"] = _header_ref("Location")
    if any(query.name == "cursor" for query in operation.query):
        headers["Link"] = _header_ref("Link")
    if operation.writes:
        headers["Idempotency-Replayed"] = _header_ref("IdempotencyReplayed")
    return {"description": operation.summary, "headers": headers, "content": {JSON: content}}


def _refusals(operation: Operation) -> Iterator[int]:
    """The statuses that an operation may answer instead."""
    if operation.permission is not Permission.PUBLIC:
        yield from (401, 403)
    if operation.parameters:
        yield 404
    if operation.writes:
        yield from (400, 408, 413, 415)
    if operation.writes or operation.waits:
        yield 409
    if operation.matches:
        yield from (412, 428)
    if operation.writes or operation.query or operation.method == "GET":
        yield 422
    yield from (429, 503)


def _statuses() -> list[int]:
    return sorted({kind.status for kind in kinds() if kind.status not in (405, 500)})


def _problem_response(status: int) -> Json:
    own = [kind for kind in kinds() if kind.status == status]
    text = "、".join(f"{kind.title}（{kind.code}）" for kind in own)
    headers = {"WWW-Authenticate": {"schema": {"type": "string"}}} if status in (401, 403) else {}
    content = {PROBLEM: {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {"description": text, "headers": headers, "content": content}


def _response_name(status: int) -> str:
    return f"Problem{status}"


def _header_ref(name: str) -> Json:
    return {"$ref": f"#/components/headers/{name}"}


# ---- schemas -----------------------------------------------------------------------------------------


def _kinds() -> list[Any]:
    found = [kind for one in OPERATIONS for kind in (one.body, one.answer) if _is_struct(kind)]
    return list(dict.fromkeys([*found, Scope]))


@cache
def _schemas() -> Json:
    _, components = msgspec.json.schema_components(_kinds(), ref_template=_REF)
    schemas: Json = json.loads(json.dumps(components))  # defaults become lists, as JSON has them
    return schemas


def _schema_of(kind: Any) -> Json:
    if not _is_struct(kind):
        return {"type": "object", "additionalProperties": True}
    return {"$ref": _REF.format(name=kind.__name__)}


def _is_struct(kind: Any) -> bool:
    return isinstance(kind, type) and typing.get_origin(kind) is None and issubclass(kind, Struct)
