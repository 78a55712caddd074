"""A body read strictly: no unknown or repeated field, no float, no text in place of a number; every fault at once."""

import types
import typing
from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from typing import Any, TypeVar

import msgspec
from msgspec import NODEFAULT, Struct

from procure.api.problems import Unreadable
from procure.errors import Fault, Invalid
from procure.settlement.json_text import read_json
from procure.settlement.place import Literal, Pairs
from procure.values import unreadable
from procure.values.text import clean

S = TypeVar("S", bound=Struct)
FIRST_YEAR, LAST_YEAR = 1900, 2999
_MISSING = object()
_IN_WORDS = {
    bool: "true か false",
    int: "整数",
    date: "日付（例：2026-12-11）",
    datetime: "時差を含む日時（例：2026-12-11T17:15:00+09:00）",
}


def decode(kind: type[S], content: bytes) -> S:
    """Raises Unreadable where it is no JSON, Invalid with every fault. A field is named by its path: items[0].name."""
    try:
        value = read_json(content or b"{}")
    except ValueError as fault:
        raise Unreadable from fault
    faults: list[Fault] = []
    found = _read(kind, value, "", faults)
    if faults:
        raise Invalid(*faults)
    return typing.cast(S, found)


def _read(kind: Any, value: object, path: str, faults: list[Fault]) -> object:
    bare, may_be_null = _without_null(kind)
    if value is None and may_be_null:
        return None
    if isinstance(bare, type) and issubclass(bare, Struct):
        return _struct(bare, value, path, faults)
    origin = typing.get_origin(_plain(bare))
    if origin is tuple:
        return _list(typing.get_args(_plain(bare))[0], value, path, faults, _limit_of(bare))
    if origin is dict:
        return _mapping(typing.get_args(_plain(bare))[1], value, path, faults)
    return _leaf(bare, value, path, faults)


def _struct(kind: type[Struct], value: object, path: str, faults: list[Fault]) -> object:
    if not isinstance(value, Pairs):
        return _wrong(path, "オブジェクト（{…}）で指定してください。", faults)
    before = len(faults)
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    faults += _key_faults(value, set(fields), path)
    found = {}
    for name, field in fields.items():
        if name in value:
            found[field.name] = _read(field.type, value[name], _below(path, name), faults)
        elif field.default is NODEFAULT and field.default_factory is NODEFAULT:
            faults.append(Fault(_below(path, name), "必須の項目です。指定してください。"))
    return kind(**found) if len(faults) == before else _MISSING


def _key_faults(value: Pairs, known: set[str], path: str) -> Iterator[Fault]:
    for name in value:
        if name not in known:
            yield Fault(_below(path, _shown(name)), "この項目はありません。名前を確かめてください。")
    for name in value.repeated:
        yield Fault(_below(path, _shown(name)), "同じ項目が二度指定されています。")


def _list(kind: Any, value: object, path: str, faults: list[Fault], longest: int) -> object:
    if not isinstance(value, list):
        return _wrong(path, "配列（[…]）で指定してください。", faults)
    if len(value) > longest:
        return _wrong(path, f"{longest:,}件以内で指定してください。", faults)
    return tuple(_read(kind, one, f"{path}[{index}]", faults) for index, one in enumerate(value))


def _mapping(kind: Any, value: object, path: str, faults: list[Fault]) -> object:
    if not isinstance(value, Pairs):
        return _wrong(path, "オブジェクト（{…}）で指定してください。", faults)
    faults += _key_faults(value, set(value), path)
    return {key: _read(kind, one, _below(path, _shown(key)), faults) for key, one in value.items()}


def _leaf(kind: Any, value: object, path: str, faults: list[Fault]) -> object:
    if isinstance(value, Literal):
        return _wrong(path, '小数は文字列（例："1234.50"）で、ほかの数は整数で指定してください。', faults)
    try:
        if type(value) is str:
            value = clean(value, lines=_has_lines(kind))
        found = msgspec.convert(value, kind, strict=True)
    except unreadable.Unreadable as fault:
        return _wrong(path, fault.message, faults)
    except (msgspec.ValidationError, OverflowError, ValueError):
        return _wrong(path, f"{_expected(kind)}で指定してください。", faults)
    if isinstance(found, date) and not FIRST_YEAR <= found.year <= LAST_YEAR:
        return _wrong(path, f"{FIRST_YEAR}年から{LAST_YEAR}年までで指定してください。", faults)
    return found


def _wrong(path: str, message: str, faults: list[Fault]) -> object:
    faults.append(Fault(path or "body", message))
    return _MISSING


def _below(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name


def _shown(name: str) -> str:
    """A name of the sender's, short and without what could not be printed."""
    return "".join(sign if sign.isprintable() else "?" for sign in name[:60])


# ---- kinds -------------------------------------------------------------------------------------------


def _without_null(kind: Any) -> tuple[Any, bool]:
    if typing.get_origin(kind) not in (typing.Union, types.UnionType):
        return kind, False
    rest = [one for one in typing.get_args(kind) if one is not type(None)]
    return typing.Union[tuple(rest)], len(rest) < len(typing.get_args(kind))  # noqa: UP007


def _plain(kind: Any) -> Any:
    return typing.get_args(kind)[0] if typing.get_origin(kind) is typing.Annotated else kind


def _metas(kind: Any) -> list[msgspec.Meta]:
    found = typing.get_args(kind)[1:] if typing.get_origin(kind) is typing.Annotated else ()
    return [one for one in found if isinstance(one, msgspec.Meta)]


def _has_lines(kind: Any) -> bool:
    return any((meta.extra or {}).get("lines") for meta in _metas(kind))


def _limit_of(kind: Any) -> int:
    return next((meta.max_length for meta in _metas(kind) if meta.max_length), 1000)


def _expected(kind: Any) -> str:
    """What should stand there, in words."""
    if typing.get_origin(kind) in (typing.Union, types.UnionType):
        return "、または".join(_expected(one) for one in typing.get_args(kind))
    plain = _plain(kind)
    limits = {name: value for meta in _metas(kind) for name, value in _limits(meta)}
    if isinstance(plain, type) and issubclass(plain, Enum):
        return "、".join(f'"{one.value}"' for one in plain) + "のいずれか"
    if plain is int and "le" in limits:
        return f"整数（{limits.get('ge', 0):,}以上{limits['le']:,}以下）"
    return _IN_WORDS.get(plain) or _text_expected(limits)


def _text_expected(limits: dict[str, Any]) -> str:
    if str(limits.get("pattern", "")).startswith("^(0|"):
        return '十進表記の文字列（例："1234.50"）'
    signs = "半角の英数字と . _ - の" if "pattern" in limits else ""
    length = f"{limits['max_length']}字以内の" if "max_length" in limits else ""
    return f"{signs}{'1字以上' if limits.get('min_length') else ''}{length}文字列"


def _limits(meta: msgspec.Meta) -> Iterator[tuple[str, Any]]:
    for name in ("ge", "le", "min_length", "max_length", "pattern"):
        if (value := getattr(meta, name)) is not None:
            yield name, value
