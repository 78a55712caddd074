"""Versions below which a known hole or a known loss of records is open, and that what is pinned is what runs."""

import re
from importlib.metadata import distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

CONSTRAINTS = Path(__file__).parent.parent / "constraints.txt"
FLOORS = {
    "litestar": "2.22.0",  # CVE-2026-48060 markup through the CSRF cookie, CVE-2026-48061 host check passed by a header
    "weasyprint": "70.0",  # CVE-2026-55073 files read past the URL fetcher
    "jinja2": "3.1.6",  # CVE-2025-27516 sandbox left through |attr
    "openpyxl": "2.4.2",  # CVE-2017-5992 external entities in a spreadsheet
    "defusedxml": "0.7.1",  # without it openpyxl expands entities
    "pysqlite3": "0.6.1",  # the first that brings a SQLite without the WAL-reset bug
}
SQLITE_WITHOUT_WAL_RESET_BUG = (3, 51, 3)


def pins() -> dict[str, str]:
    lines = CONSTRAINTS.read_text(encoding="utf-8").splitlines()
    return {
        canonicalize_name(name): pinned
        for name, _, pinned in (line.partition("==") for line in lines if line[0] != "#")
    }


def needed_by(name: str, extras: frozenset[str], seen: set[str]) -> set[str]:
    """The packages that come with one, itself included, on this machine."""
    seen.add(canonicalize_name(name))
    for line in distribution(name).requires or []:
        requirement = Requirement(line)
        applies = any(requirement.marker is None or requirement.marker.evaluate({"extra": e}) for e in extras | {""})
        if applies and canonicalize_name(requirement.name) not in seen:
            needed_by(requirement.name, frozenset(requirement.extras), seen)
    return seen


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_the_pinned_version_is_not_below_the_floor(package: str, floor: str) -> None:
    assert Version(pins()[package]) >= Version(floor)


@pytest.mark.parametrize(("package", "floor"), FLOORS.items())
def test_the_installed_version_is_not_below_the_floor(package: str, floor: str) -> None:
    assert Version(version(package)) >= Version(floor)


def test_the_sqlite_in_use_keeps_its_write_ahead_log_whole() -> None:
    from pysqlite3 import dbapi2  # noqa: PLC0415  (absent where it has no wheel, and then this is the test that fails)

    assert dbapi2.sqlite_version_info >= SQLITE_WITHOUT_WAL_RESET_BUG


def test_every_constraint_is_one_exact_version() -> None:
    lines = [line for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
    assert [line for line in lines if not re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line)] == []


def test_what_is_installed_for_the_service_and_its_tests_is_what_is_pinned() -> None:
    installed = {name: version(name) for name in needed_by("procure", frozenset({"dev"}), set()) - {"procure"}}
    assert installed == {name: pinned for name, pinned in pins().items() if name in installed}
