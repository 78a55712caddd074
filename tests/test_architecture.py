"""What the house promises beyond the direction of imports, which lint-imports holds."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "procure"
MODULES = sorted(SOURCE.rglob("*.py"))


def named(module: Path) -> str:
    return module.relative_to(SOURCE).as_posix()


@pytest.mark.parametrize("module", MODULES, ids=named)
def test_the_first_line_of_a_module_says_what_is_in_it(module: Path) -> None:
    tree = ast.parse(module.read_text("utf-8"))
    assert not tree.body or ast.get_docstring(tree), f"{named(module)} has no docstring"


def test_only_the_clock_reads_the_clock() -> None:
    readers = {named(module) for module in MODULES if _calls(module) & {"now", "today", "utcnow", "time"}}
    assert readers - {"clock.py"} == {"app.py"} & readers


@pytest.mark.parametrize("folder", ["values", "settlement", "signs", "ceilings"])
def test_no_float_near_money(folder: str) -> None:
    for module in sorted((SOURCE / folder).rglob("*.py")):
        tree = ast.parse(module.read_text("utf-8"))
        floats = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, float)]
        assert floats == [], named(module)


@pytest.mark.parametrize("command", ["procure.cli", "procure.app"])
def test_the_pdf_library_is_loaded_only_where_a_document_is_made(command: str) -> None:
    code = f"import {command}, sys; print('weasyprint' in sys.modules)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "False"


def test_settling_a_file_loads_no_framework() -> None:
    example = SOURCE / "examples" / "r3.round.json"
    code = (
        "import sys; from procure.cli import main\n"
        f"try: main(['settle', {str(example)!r}])\n"
        "except SystemExit as end: assert end.code == 0\n"
        "print([name for name in ('litestar', 'sqlalchemy', 'jinja2', 'weasyprint') if name in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.splitlines()[-1] == "[]"


def test_no_page_fetches_anything_from_elsewhere() -> None:
    pages = [*(ROOT / "templates").rglob("*.html"), *(SOURCE / "web" / "static").rglob("*.*")]
    for page in pages:
        text = page.read_text("utf-8")
        assert "//cdn" not in text, page
        assert 'src="http' not in text, page
        assert "url(http" not in text, page


def _calls(module: Path) -> set[str]:
    tree = ast.parse(module.read_text("utf-8"))
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return {call.attr for call in calls if isinstance(call, ast.Attribute) and _is_clock(call.value)}


def _is_clock(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in {"datetime", "date", "time", "clock"}
