"""Where programs are served instead of people: addresses under the API, with its form of problems."""

import json

ADDRESS = "/api/v1"
PROBLEM = "application/problem+json"


def is_for_programs(path: str) -> bool:
    return path == ADDRESS or path.startswith(f"{ADDRESS}/")


def problem(code: str, status: int, title: str, detail: str, faults: list[dict[str, str]] | None = None) -> bytes:
    """RFC 9457. `type` is an address of our own, where the problem is described."""
    value = {"type": f"/api/docs#{code}", "title": title, "status": status, "detail": detail, "faults": faults or []}
    return json.dumps(value, ensure_ascii=False).encode()
