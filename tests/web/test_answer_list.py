"""回答一覧: budgets, wishes and last time's prices of all bodies, beside list price and the contract."""

from io import BytesIO

from openpyxl import load_workbook
from sqlmodel import Session, col, select

from procure.demand.tables import AnswerRow, DemandRow
from procure.rounds.tables import ItemRow
from tests import stages
from tests.people import AUDITOR, NARA, SECRETARIAT, STRANGER
from tests.web.rounds_at import REF, council

SHEET = f"/rounds/{REF}/survey/answers.xlsx"
BODY = "292109"  # 香芝市 asks for five items of the first lot and three of the second


def told(session: Session) -> None:
    """A body says what it paid last time for its notebooks, and what it may spend."""
    item = session.exec(select(ItemRow).where(col(ItemRow.ref) == "note-standard")).one()
    line = session.get_one(DemandRow, (item.id, BODY))
    line.last_unit_price = 99_570
    answer = session.get_one(AnswerRow, (item.lot_id, BODY))
    answer.budget_with_tax, answer.delivery_month, answer.remarks = 20_000_000, "2021-09", "=1+1"


def rows_of(content: bytes, sheet: str) -> list[tuple[object, ...]]:
    return list(load_workbook(BytesIO(content), data_only=True)[sheet].iter_rows(values_only=True))


def test_every_member_has_a_row_for_each_lot_with_its_budget_and_wishes(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        with town.database.write() as session:
            told(session)
        rows = rows_of(town.browser(SECRETARIAT).get(SHEET).content, "回答")
    assert len(rows) == 1 + 39 * 2
    own = next(row for row in rows if row[0] == BODY)
    assert own[3:7] == ("登録済み", "参加する", 181, 0)
    assert own[8] == "2021-09"
    assert own[10:13] == ("=1+1", 20_000_000, 20_485_200)
    assert next(row for row in rows if row[0] == "292010")[3:5] == ("未回答", "")


def test_last_time_s_price_stands_beside_the_contract_s_once_it_is_confirmed(sqlite_url: str) -> None:
    with council(sqlite_url, stages.confirmed) as town:
        with town.database.write() as session:
            told(session)
        _, line, total = rows_of(town.browser(AUDITOR).get(SHEET).content, "前回単価")
    assert line[3:] == ("ノートパソコン（標準型）", "台", 56, 99_570, 198_000, 91_570, 448_000)
    assert total[-1] == 448_000


def test_before_the_confirmation_no_price_of_a_bid_is_told(sqlite_url: str) -> None:
    with council(sqlite_url, stages.decided) as town:
        with town.database.write() as session:
            told(session)
        rows = rows_of(town.browser(SECRETARIAT).get(SHEET).content, "前回単価")
    assert rows[1][-2:] == ("—", "—")


def test_a_stranger_signs_in_and_a_municipality_may_not(sqlite_url: str) -> None:
    with council(sqlite_url, stages.specified) as town:
        assert town.browser(STRANGER).get(SHEET).status_code == 303
        assert town.browser(NARA).get(SHEET).status_code == 403
