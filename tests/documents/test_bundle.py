"""Every document of a round in one folder, under names that any system can hold."""

import json
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest

from procure.documents import bundle
from procure.documents.bundle import write_documents, zipped
from procure.documents.filenames import file_name
from procure.documents.papers import Papers
from procure.documents.press import running_press
from procure.parties.directory import known_codes
from procure.settings import PdfLimits
from procure.settlement.result_file import result_json
from procure.settlement.round import Round, Rules
from procure.settlement.round_file import read_round
from procure.settlement.settle import settle
from tests.builders import NARA, YAMATOTAKADA, a_bid, a_demand, a_lot, a_round, declined
from tests.documents.papers import LETTERHEAD, MADE_AT
from tests.reports.reported import r3_report, report_of

ROUND = a_round(
    a_lot((a_bid("a", 500_000), a_bid("b", 600_000)), demand=(a_demand(NARA, pc=4), a_demand(YAMATOTAKADA, pc=6)))
)


def papers(round: Round) -> Papers:
    return Papers(report_of(round), round, settle(round), LETTERHEAD, MADE_AT)


def write(round: Round, out: Path) -> list[Path]:
    return write_documents(papers(round), out)


def test_every_document_is_written_under_its_name(tmp_path: Path) -> None:
    written = write(ROUND, tmp_path / "made" / "for it")
    assert [path.name for path in written] == [
        "令和3年度_R3-1_落札結果.pdf",
        "令和3年度_R3-1_入札結果公表.pdf",
        "令和3年度_R3-1_契約単価一覧.pdf",
        "令和3年度_R3-1_経費削減効果報告書.pdf",
        "令和3年度_R3-1_経費削減効果.xlsx",
        "令和3年度_R3-1_経費削減効果.csv",
        "令和3年度_R3-1_予定価格調書_1_パソコンの共同調達.pdf",
        "令和3年度_R3-1_開札調書_1_パソコンの共同調達.pdf",
        "令和3年度_R3-1_入札比較_1_パソコンの共同調達.xlsx",
        "令和3年度_R3-1_落札者決定通知書_1_パソコンの共同調達.pdf",
        "令和3年度_R3-1_非落札通知_1_パソコンの共同調達.pdf",
        "令和3年度_R3-1_結果通知（全団体）.pdf",
        "令和3年度_R3-1_結果通知_292010_奈良市.pdf",
        "令和3年度_R3-1_発注書_292010_奈良市.xlsx",
        "令和3年度_R3-1_結果通知_292028_大和高田市.pdf",
        "令和3年度_R3-1_発注書_292028_大和高田市.xlsx",
        "令和3年度_R3-1_結果データ.json",
        "令和3年度_R3-1_案件データ.json",
    ]
    assert sorted(path for path in written[0].parent.iterdir()) == sorted(written)
    beginnings = {".pdf": b"%PDF-", ".xlsx": b"PK", ".csv": b"\xef\xbb\xbf", ".json": b"{"}
    assert all(path.read_bytes().startswith(beginnings[path.suffix]) for path in written)
    assert read_round(written[-1].read_bytes(), known_codes()) == ROUND
    assert json.loads(written[-2].read_text("utf-8")) == result_json(settle(ROUND))


def test_a_lot_has_the_records_that_fit_its_outcome(tmp_path: Path) -> None:
    failed = a_lot((declined("a"),), id="failed", title="プリンタ", rules=Rules())
    cancelled = a_lot(id="cancelled", title="サーバ", cancelled="仕様の誤り")
    names = [path.stem.split("_")[2:] for path in write(a_round(failed, cancelled), tmp_path)]
    assert [name for name in names if len(name) > 1 and name[0] != "結果通知"] == [
        ["開札調書", "1", "プリンタ"],
        ["入札比較", "1", "プリンタ"],
        ["予定価格調書", "2", "サーバ"],
    ]


@pytest.mark.parametrize("is_there", [True, False])
def test_where_one_document_fails_there_is_none_of_them_and_what_was_there_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_there: bool
) -> None:
    synced = []

    def full_in_the_end(descriptor: int) -> None:
        synced.append(descriptor)
        if len(synced) == 10:
            raise OSError("no space left on device")

    monkeypatch.setattr(bundle.os, "fsync", full_in_the_end)
    out = tmp_path / "made"
    if is_there:
        out.mkdir()
        (out / "mine.txt").write_text("mine")
    with pytest.raises(OSError, match="no space left"):
        write(ROUND, out)
    assert [path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.*")] == (
        ["made/mine.txt"] if is_there else []
    )


def test_a_folder_that_is_there_keeps_what_else_is_in_it(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    written = write(ROUND, tmp_path)
    assert sorted(tmp_path.iterdir()) == sorted([*written, tmp_path / "mine.txt"])
    assert list(tmp_path.parent.glob(f".{tmp_path.name}.*")) == []


def test_the_press_makes_the_very_same_files(tmp_path: Path) -> None:
    with running_press(PdfLimits(processes=2)) as press:
        pressed = write_documents(papers(ROUND), tmp_path / "pressed", press)
    here = write(ROUND, tmp_path / "here")
    assert [(path.name, path.read_bytes()) for path in pressed] == [(path.name, path.read_bytes()) for path in here]


def test_an_archive_holds_the_files_under_their_names_and_is_the_same_each_time() -> None:
    files = [("落札結果.pdf", b"%PDF"), ("通知/奈良市.pdf", b"%PDF-2")]
    content = zipped(files, MADE_AT)
    assert content == zipped(files, MADE_AT)
    with ZipFile(BytesIO(content)) as archive:
        assert [(name, archive.read(name)) for name in archive.namelist()] == files
        assert {line.date_time for line in archive.infolist()} == {(2021, 6, 18, 9, 0, 0)}


def test_a_name_tells_era_round_document_and_body() -> None:
    report = report_of(a_round(id="H30-2", fiscal_year=2018, bid_date=date(2018, 4, 15)))
    assert file_name(report, "結果通知_292010_奈良市", "pdf") == "平成30年度_H30-2_結果通知_292010_奈良市.pdf"
    first_year = report_of(a_round(id="R1-1", fiscal_year=2019, bid_date=date(2019, 6, 15)))
    assert file_name(first_year, "落札結果", "pdf") == "令和元年度_R1-1_落札結果.pdf"


def test_a_day_in_a_name_is_told_by_its_era() -> None:
    name = file_name(r3_report(), "数量集計表", "xlsx", date(2021, 5, 7))
    assert name == "令和3年度_R3-1_数量集計表_令和3年5月7日.xlsx"


def test_a_name_holds_nothing_that_windows_refuses_and_no_variation_selector() -> None:
    report = report_of(a_round(id='R3/1"'))
    name = file_name(report, '結果通知_葛\U000e0100城/"共同"　調達:*?<>|\\', "pdf")
    assert name == "令和3年度_R3_1_結果通知_葛城_共同_調達.pdf"


def test_a_long_number_and_a_long_name_leave_room_for_what_tells_files_apart() -> None:
    report = report_of(a_round(id="R3-" + "1" * 60))
    first, second = (file_name(report, f"結果通知_{code}_{'長い名前' * 20}", "pdf") for code in ("292010", "292028"))
    assert len(first) == len(second) == 80
    assert first != second
    assert first.endswith(".pdf")
