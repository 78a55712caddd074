"""The texts of mails: every kind says what it is about, plainly, and the list of the unfinished can be copied."""

from datetime import datetime, timedelta

import pytest

from procure.clock import JAPAN
from procure.mail.letters import letter_of, one_line, reminder_text
from procure.mail.rules import Occasion
from procure.mail.standings import Due
from procure.mail.states import Kind
from procure.parties.tables import BodyRow
from procure.rounds.tables import RoundRow
from procure.settings import Letterhead, Settings

NOW = datetime(2026, 12, 8, 9, 0, tzinfo=JAPAN)  # Tuesday
DEADLINE = datetime(2026, 12, 11, 17, 15, tzinfo=JAPAN)  # Friday
LETTERHEAD = Letterhead(section="協議会　事務局", person="大和　花子", phone="0742-00-0000", mail="jimu@example.lg.jp")
SETTINGS = Settings(public_url="https://kyodo.example.lg.jp", letterhead=LETTERHEAD)


def text_of(
    kind: Kind, deadline: datetime | None = DEADLINE, reason: str | None = "理由の文", now: datetime = NOW
) -> str:
    body = BodyRow(code="292117", name="葛城市", display_name="葛\U000e0100城市", mail="a@city.example.jp")
    row = RoundRow(id=1, ref="R8-1", title="令和８年度 <共同>調達 & 端末")
    return letter_of(Due(row, body, Occasion(kind, "x", NOW, deadline, reason)), SETTINGS, now).text


@pytest.mark.parametrize("kind", Kind)
def test_every_letter_names_its_body_its_round_and_whom_to_ask(kind: Kind) -> None:
    text = text_of(kind)
    assert text.startswith("葛\U000e0100城市　共同調達ご担当者　様\n\n「令和８年度 <共同>調達 & 端末」")
    for words in ("協議会　事務局", "担当　大和　花子", "電話　0742-00-0000", "メール　jimu@example.lg.jp"):
        assert words in text
    assert "\n\n\n" not in text
    assert "None" not in text
    assert "&amp;" not in text


@pytest.mark.parametrize("kind", [Kind.OPENING, Kind.REMINDER, Kind.RETURNED, Kind.REOPENED, Kind.EXTENDED])
def test_a_letter_that_asks_for_something_names_the_deadline_and_the_page(kind: Kind) -> None:
    text = text_of(kind)
    assert "登録の期限　令和8年12月11日（金）17時15分（あと3開庁日）\n" in text
    assert "登録の画面　https://kyodo.example.lg.jp/demand/R8-1\n" in text


@pytest.mark.parametrize("kind", [Kind.RETURNED, Kind.REOPENED, Kind.EXTENDED])
def test_a_letter_that_needs_a_reason_gives_it(kind: Kind) -> None:
    assert "の理由\n理由の文\n" in text_of(kind)


def test_on_the_last_day_the_reminder_says_today() -> None:
    assert "17時15分（本日）" in text_of(Kind.REMINDER, now=DEADLINE - timedelta(hours=3))


def test_over_a_weekend_no_working_day_is_counted() -> None:
    sunday = datetime(2026, 12, 13, 17, 0, tzinfo=JAPAN)
    assert "17時00分\n" in text_of(Kind.REMINDER, sunday, now=sunday - timedelta(days=1))


def test_an_answer_returned_after_the_deadline_says_whom_to_ask_instead() -> None:
    text = text_of(Kind.RETURNED, deadline=None)
    assert "登録の期限を過ぎています" in text
    assert "もう一度登録" not in text
    assert "登録の画面　" not in text


def test_the_result_is_on_its_own_page() -> None:
    assert "https://kyodo.example.lg.jp/results/R8-1" in text_of(Kind.RESULTS)


def test_the_reminder_to_copy_lists_the_unfinished_and_the_working_days_left() -> None:
    text = reminder_text("令和８年度 共同調達", ["奈良市", "葛\U000e0100城市"], DEADLINE, NOW, LETTERHEAD)
    assert "次の2団体の登録が済んでいません（令和8年12月8日（火）9時00分現在）" in text
    assert "\n登録の期限　令和8年12月11日（金）17時15分（あと3開庁日）\n" in text
    assert "\n・奈良市\n・葛\U000e0100城市\n" in text
    assert "\n\n\n" not in text


def test_the_reminder_to_copy_after_the_deadline_asks_to_call() -> None:
    text = reminder_text("令和８年度 共同調達", ["奈良市"], DEADLINE, DEADLINE, LETTERHEAD)
    assert "期限（令和8年12月11日（金）17時15分）を過ぎましたが" in text
    assert "至急" in text
    assert "期限までに" not in text


@pytest.mark.parametrize(
    ("text", "line"),
    [("a\r\nb", "a b"), (" a  b ", "a b"), ("奈良　市", "奈良　市"), ("a\u2028b", "a b"), ("a\ud800b", "a b")],
)
def test_a_line_keeps_its_full_width_blanks_and_nothing_that_breaks_it(text: str, line: str) -> None:
    assert one_line(text) == line
