"""The commands as docs/formats.md promises them: what they print, where, and with which exit status."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.request import urlopen

import pytest
from click.testing import CliRunner, Result
from sqlmodel import col, select

from procure.accounts.queries import account_of
from procure.cli import main
from procure.database import Database
from procure.history.tables import EventRow
from procure.settings import Settings
from procure.settlement.round import Rules
from procure.settlement.round_file import write_round
from tests.builders import a_lot, a_round, r3_text

SIX_LINES = """パソコンの共同調達
【参加市町村】１３市町村　【入札日】令和３年６月１１日
【経費削減効果】定価の約５１．６％引きで購入
プリンタの共同調達
【参加市町村】７市町村　【入札日】令和３年６月１１日
【経費削減効果】定価の約８１．４％引きで購入
"""


@pytest.fixture
def example(tmp_path: Path) -> Path:
    path = tmp_path / "r3.round.json"
    path.write_text(r3_text(), "utf-8")
    return path


@pytest.fixture
def installed(sqlite_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """A migrated database, named in the environment."""
    monkeypatch.setenv("PROCURE_DATABASE_URL", sqlite_url)
    return sqlite_url


def run(*words: object, typed: str | None = None) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words], input=typed)


def test_settling_the_example_gives_the_published_figures(example: Path) -> None:
    said = run("settle", example)
    result = json.loads(said.stdout)
    pc, printer = result["lots"]
    assert said.exit_code == 0
    assert [pc["savings"]["percent"], printer["savings"]["percent"], result["savings"]["percent"]] == [
        "51.6",
        "81.4",
        "54.6",
    ]
    assert [pc["participants"], printer["participants"]] == [13, 7]
    assert [pc["award"]["total"], printer["award"]["total"]] == [113643760, 4886060]
    assert [pc["award"]["total_with_tax"], printer["award"]["total_with_tax"]] == [125008136, 5374666]


def test_of_several_files_the_good_are_printed_and_the_bad_named(example: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(example.read_text("utf-8").replace('"list_price": 176000', '"list_price": 12.5'), "utf-8")
    said = run("settle", example, bad, example)
    assert said.exit_code == 2
    assert len(said.stdout.splitlines()) == 2
    assert said.stderr.splitlines() == [
        f"{bad}: lots[0].items[2].list_price: 12.5 is a float; an amount is an integer or a decimal string"
    ]


def test_every_fault_of_one_file_has_its_line_and_nothing_is_printed(tmp_path: Path) -> None:
    value = json.loads(r3_text())
    value["fiscal_year"] = "2021"
    value["lots"][1]["rules"]["ceiling"] = 0
    bad = tmp_path / "bad.json"
    bad.write_text(json.dumps(value), "utf-8")
    said = run("settle", bad)
    assert said.exit_code == 2
    assert said.stdout == ""
    assert [line.split(":")[0] for line in said.stderr.splitlines()] == ["fiscal_year", "lots[1].rules.ceiling"]


def test_a_file_that_cannot_be_read_is_named_once_and_the_good_are_printed(example: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "nowhere.json"
    alone, among_good = run("settle", nowhere), run("settle", nowhere, tmp_path, example)
    assert alone.exit_code == among_good.exit_code == 2
    assert alone.stderr == f"{nowhere}: No such file or directory\n"
    assert among_good.stderr == f"{nowhere}: No such file or directory\n{tmp_path}: Is a directory\n"
    assert len(among_good.stdout.splitlines()) == 1


def test_a_file_one_may_not_read_does_not_keep_the_good_from_being_settled(
    example: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = tmp_path / "secret.json"
    secret.write_text(r3_text(), "utf-8")
    secret.chmod(0)
    monkeypatch.setattr(os, "access", lambda *_: False)  # as it is for anybody but root
    said = run("settle", secret, example)
    assert json.loads(said.stdout.splitlines()[-1])["round"] == "R3-1"
    assert "Usage" not in said.stderr


def test_a_file_whose_name_is_not_utf8_is_named_as_it_is(tmp_path: Path) -> None:
    path = os.fsencode(tmp_path) + b"/\xff.json"
    code = "from procure.cli import main; main()"
    said = subprocess.run([sys.executable, "-c", code, "settle", path], capture_output=True, check=False)
    assert (said.returncode, said.stderr) == (2, path + b": No such file or directory\n")


def test_the_annual_report_has_the_councils_six_lines(installed: str, example: Path) -> None:
    assert run("import", example).exit_code == 0
    said = run("annual-report", 2021)
    assert said.exit_code == 0
    assert said.stdout == SIX_LINES
    assert run("annual-report", 2020).stdout == ""


def test_the_annual_report_is_a_pdf_too(installed: str, example: Path, tmp_path: Path) -> None:
    run("import", example)
    out = tmp_path / "report.pdf"
    assert run("annual-report", 2021, "--format", "pdf", "--out", out).exit_code == 0
    assert out.read_bytes().startswith(b"%PDF-")


def test_the_annual_report_is_html_for_word_processors_too(installed: str, example: Path) -> None:
    run("import", example)
    said = run("annual-report", 2021, "--format", "html").stdout
    assert said.startswith("<!DOCTYPE html>")
    assert all(part in said for line in SIX_LINES.splitlines() for part in line.split("　"))


@pytest.mark.parametrize(
    ("words", "named"),
    [("annual-report 2021 --out", "file/below: Not a directory"), ("documents R3-1 --out", "file: File exists")],
)
def test_a_place_that_cannot_be_written_is_named_in_one_line(
    installed: str, example: Path, tmp_path: Path, words: str, named: str
) -> None:
    run("import", example)
    (tmp_path / "file").touch()
    said = run(*words.split(), tmp_path / "file" / "below")
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr == f"{tmp_path}/{named}\n"


@pytest.mark.parametrize("words", ["export R9-9", "documents R9-9 --out ."])
def test_a_round_that_is_not_there_is_named(installed: str, words: str) -> None:
    said = run(*words.split())
    assert (said.exit_code, said.stderr) == (1, "案件番号「R9-9」の案件はありません。\n")


def test_what_is_exported_and_imported_again_settles_the_same(installed: str, example: Path, tmp_path: Path) -> None:
    run("import", example)
    exported = tmp_path / "exported.json"
    exported.write_text(run("export", "R3-1").stdout, "utf-8")
    assert run("settle", exported).stdout == run("settle", example).stdout


def test_a_round_is_imported_once(installed: str, example: Path) -> None:
    run("import", example)
    again = run("import", example)
    assert again.exit_code == 1
    assert "R3-1" in again.stderr


def test_a_bad_file_is_refused_whole(installed: str, tmp_path: Path) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text(r3_text().replace('"list_price": 176000', '"list_price": 0'), "utf-8")
    assert run("import", bad).exit_code == 2
    assert run("export", "R3-1").exit_code == 1


@pytest.fixture
def before_opening(tmp_path: Path) -> Path:
    """A round with bidders and a ceiling, and no bid yet."""
    path = tmp_path / "before.json"
    path.write_text(write_round(a_round(a_lot(rules=Rules(ceiling=900_000)))), "utf-8")
    return path


def test_a_new_sealing_key_is_printed_that_the_settings_take() -> None:
    said = [run("sealing-key") for _ in range(2)]
    keys = [Settings.from_environment({"PROCURE_SEALING_KEY": one.stdout.strip()}).sealing_key for one in said]
    assert [one.exit_code for one in said] == [0, 0]
    assert [len(key or b"") for key in keys] == [32, 32]
    assert keys[0] != keys[1]


def test_without_the_key_a_secret_ceiling_is_left_out_and_named(installed: str, before_opening: Path) -> None:
    said = run("import", before_opening)
    assert (said.exit_code, said.stdout) == (0, f"{before_opening}: R3-1 imported\n")
    assert said.stderr == (
        f"{before_opening}: lots[0].rules.ceiling: left out, PROCURE_SEALING_KEY is not set to seal it with\n"
    )
    assert json.loads(run("export", "R3-1").stdout)["lots"][0]["rules"]["ceiling"] is None


def test_with_the_key_a_secret_ceiling_is_sealed_and_not_exported(
    installed: str, before_opening: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PROCURE_SEALING_KEY", run("sealing-key").stdout.strip())
    said = run("import", before_opening)
    assert (said.exit_code, said.stderr) == (0, "")
    assert json.loads(run("export", "R3-1").stdout)["lots"][0]["rules"]["ceiling"] is None


def test_the_faults_of_a_file_that_the_tables_cannot_hold_are_named(installed: str, tmp_path: Path) -> None:
    long = tmp_path / "long.json"
    long.write_text(write_round(a_round(title="件" * 1001, fiscal_year=1899)), "utf-8")
    said = run("import", long)
    assert said.exit_code == 2
    assert [line.partition(":")[0] for line in said.stderr.splitlines()] == ["title", "fiscal_year"]


def test_of_several_files_that_are_imported_each_is_whole_or_not_at_all(
    installed: str, example: Path, tmp_path: Path
) -> None:
    bad = tmp_path / "bad.json"
    bad.write_text("{", "utf-8")
    said = run("import", example, bad, example)
    assert said.exit_code == 2
    assert said.stdout == f"{example}: R3-1 imported\n"
    assert [line.partition(": ")[0] for line in said.stderr.splitlines()] == [str(bad), str(example)]
    assert run("import", example, example).exit_code == 1


def test_every_document_of_a_round_is_written(installed: str, example: Path, tmp_path: Path) -> None:
    run("import", example)
    out = tmp_path / "documents"
    said = run("documents", "R3-1", "--out", out)
    assert said.exit_code == 0
    names = sorted(path.name for path in out.iterdir())
    of_round, of_lot, bodies, all_bodies = 4, 4, 16, 1
    assert len([name for name in names if name.endswith(".pdf")]) == of_round + 2 * of_lot + bodies + all_bodies
    assert {Path(name).suffix for name in names} == {".pdf", ".xlsx", ".csv", ".json"}
    assert sorted(Path(line).name for line in said.stdout.splitlines()) == names


def test_an_account_is_added_with_the_password_from_standard_input(installed: str) -> None:
    words = ("user", "add", "kashihara", "--name", "情報担当", "--role", "municipality", "--body", "292052")
    assert run(*words, "--password-stdin", typed="橿原 の 夜 は とても 静か\n").exit_code == 0
    assert run(*words, "--password-stdin", typed="橿原 の 夜 は とても 静か\n").exit_code == 1
    assert "Password:" in run("user", "add", "jimu", "--name", "事務局", "--role", "secretariat").stdout


def test_an_account_is_disabled_and_enabled_again(installed: str) -> None:
    run("user", "add", "jimu", "--name", "事務局", "--role", "secretariat")
    for verb in ("disable", "disable", "enable"):
        said = run("user", verb, "jimu")
        assert (said.exit_code, said.stdout) == (0, f"jimu {verb}d.\n")
        with closing(Database(installed)) as database, database.read() as session:
            account = account_of(session, "jimu")
            assert account is not None
            assert (account.disabled_at is None) is (verb == "enable")
    with closing(Database(installed)) as database, database.read() as session:
        told = [event.action for event in session.exec(select(EventRow).order_by(col(EventRow.id)))]
    assert told == ["account_added", "account_disabled", "account_enabled"]


def test_an_account_that_is_not_there_is_named(installed: str) -> None:
    said = run("user", "disable", "nobody")
    assert (said.exit_code, "nobody" in said.stderr) == (1, True)


def test_every_fault_of_an_account_is_named(installed: str) -> None:
    said = run("user", "add", "x", "--name", "", "--role", "municipality", "--password-stdin", typed="short\n")
    assert said.exit_code == 2
    assert len(said.stderr.splitlines()) >= 3


@pytest.mark.parametrize("name", ["事務局\n担当", "事務局\u202e担当", "事務局\udcff"])
def test_a_name_holds_nothing_that_hides_what_it_says(installed: str, name: str) -> None:
    said = run("user", "add", "jimu", "--name", name, "--role", "secretariat")
    assert (said.exit_code, said.stderr.partition(":")[0]) == (2, "name")


def test_an_argument_that_is_not_text_is_bad_input(installed: str) -> None:
    assert run("export", "\udcff").exit_code == 2


def test_a_command_says_when_the_database_was_not_migrated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCURE_DATABASE_URL", f"sqlite:///{tmp_path / 'new.db'}")
    said = run("export", "R3-1")
    assert said.exit_code == 1
    assert "procure migrate" in said.stderr
    assert run("migrate").exit_code == 0
    assert run("export", "R3-1").exit_code == 1


def test_bad_settings_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PROCURE_PUBLIC_URL", "nonsense")
    said = run("migrate")
    assert said.exit_code == 2
    assert "PROCURE_PUBLIC_URL" in said.stderr


@pytest.mark.parametrize(
    "command",
    [
        "settle",
        "demo",
        "serve",
        "migrate",
        "import",
        "export",
        "sealing-key",
        "documents",
        "annual-report",
        "mail",
        "user",
        "user add",
        "user disable",
        "user enable",
    ],
)
def test_every_command_has_help(command: str) -> None:
    said = run(*command.split(), "--help")
    assert said.exit_code == 0
    assert said.stdout.startswith("Usage:")


@pytest.mark.parametrize("words", ["", "nonsense", "settle", "export", "annual-report x", "documents R3-1"])
def test_bad_usage_is_exit_status_two(words: str) -> None:
    assert run(*words.split()).exit_code == 2


@pytest.fixture
def taken() -> Iterator[int]:
    """A port somebody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener.getsockname()[1]


def test_a_port_that_is_taken_is_exit_status_one(installed: str, taken: int) -> None:
    said = run("serve", "--port", taken)
    assert (said.exit_code, said.stdout) == (1, "")
    assert said.stderr.startswith(f"Cannot listen on 127.0.0.1, port {taken}: Address already in use")


def test_the_demo_makes_nothing_where_its_port_is_taken(
    taken: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PROCURE_DATABASE_URL", "sqlite:///demo.db")
    assert run("demo", "--port", taken).exit_code == 1
    assert list(tmp_path.iterdir()) == []


def test_the_service_says_where_it_is_and_stops_cleanly(installed: str) -> None:
    code = "from procure.cli import main; main()"
    words = [sys.executable, "-c", code, "serve", "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as service:
        try:
            assert service.stdout is not None
            address = service.stdout.readline().split()[2]
            with urlopen(f"{address}health", timeout=30) as answer:
                assert answer.status == 200
        finally:
            service.send_signal(signal.SIGINT)
            _, complaints = service.communicate(timeout=30)
    assert service.returncode == 0
    assert "Traceback" not in complaints
