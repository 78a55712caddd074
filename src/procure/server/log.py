"""The log: a JSON object a line on standard error, ASCII only, so that nothing a visitor sends can forge a line."""

import json
import logging
import sys
import traceback
from datetime import datetime
from typing import Any, TextIO

from procure.clock import JAPAN

LOGGER = logging.getLogger("procure")


class JsonLines(logging.Formatter):
    """Tracebacks name files, lines and the kind of error; what was sent stands in none of them."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, JAPAN).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "what": record.getMessage(),
            **getattr(record, "facts", {}),
        }
        if record.exc_info and record.exc_info[1]:
            line["traceback"] = trace_of(record.exc_info[1])
        return json.dumps(line, ensure_ascii=True)


class StandardError(logging.StreamHandler[TextIO]):
    """Writes to standard error as it is at that moment, not as it was when the service was put together."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:  # type: ignore[override]
        return sys.stderr


def trace_of(error: BaseException) -> list[str]:
    """The chain of errors by type and place, without their messages: a database's message repeats the values."""
    lines = []
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        lines += [
            f"{frame.filename}:{frame.lineno} in {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    return lines


def failed(what: str, error: BaseException, **facts: Any) -> None:
    LOGGER.error(what, exc_info=error, extra={"facts": facts})


def noted(what: str, **facts: Any) -> None:
    LOGGER.warning(what, extra={"facts": facts})
