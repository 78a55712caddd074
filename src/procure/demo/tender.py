"""A tender whose bids are to be opened today: sealed ceiling, registered bidders, and the bids as papers to type."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlmodel import Session

from procure.bids.actions import announce
from procure.bids.bidders import Registration, save_bidders
from procure.ceilings.actions import seal_ceiling
from procure.ceilings.ceiling import Basis, Ceiling
from procure.ceilings.vault import Vault
from procure.demand.actions import close_survey
from procure.demo.survey import MADE_UP, SURVEY_DAYS, answer, round_number
from procure.history.record import COMMAND_LINE
from procure.rounds.actions import create_round, open_survey, save_lot
from procure.rounds.queries import lots_of
from procure.rounds.rules import Outline
from procure.rounds.tables import RoundRow
from procure.rounds.void_grounds import STANDARD
from procure.settings import Letterhead
from procure.settlement.bids import breakdown_total, total_quantities
from procure.settlement.round import DrawMethod, Lot, Round, Rules
from procure.templates import yen
from procure.values.era import wareki
from procure.values.fiscal_year import fiscal_year_name, fiscal_year_of
from procure.values.money import Yen
from procure.values.tax import least_with_tax
from procure.values.text import fullwidth

LOT = "printer"
CEILING = 5_500_000  # tax-exclusive yen
TIED = ("mihon-c", "mihon-d")  # they bid the same, so that lots are drawn
DRAW_NUMBERS = (418, 210, 861)
SURVEYED, CLOSED, ANNOUNCED = 45, 28, 21  # days ago


def example_tender(session: Session, example: Round, vault: Vault, at: datetime) -> RoundRow:
    """Everything until the opening is done; the ceiling is sealed with the vault's key."""
    lot = _printers(example)
    surveyed, closed, announced = (at - timedelta(days=days) for days in (SURVEYED, CLOSED, ANNOUNCED))
    row = create_round(session, _outline(lot, at), COMMAND_LINE, surveyed)
    save_lot(session, row, _lot(lot), COMMAND_LINE, surveyed)
    open_survey(session, row, surveyed + timedelta(days=SURVEY_DAYS), COMMAND_LINE, surveyed)
    asking = [demand.municipality for demand in lot.demand]
    answer(session, row, example, asking, surveyed + timedelta(days=1))
    close_survey(session, row, COMMAND_LINE, closed)
    bidders = [Registration(bidder.id, bidder.name, frozenset({LOT})) for bidder in lot.bidders]
    save_bidders(session, row, bidders, COMMAND_LINE, announced)
    (lot_row,) = lots_of(session, row.id)
    seal_ceiling(session, row, lot_row, _ceiling(lot), vault, COMMAND_LINE, announced)
    announce(session, row, vault, COMMAND_LINE, announced)
    return row


def example_papers(example: Round, at: datetime) -> str:
    """The 入札書 with their 内訳書 as they lie in the envelopes, to be typed after the opening."""
    lot = _printers(example)
    head = f"見本の入札書　{lot.title}　開札の後に「入札の記録」へ入力します。金額はすべて架空です。"
    return "\n".join([head, *(line for place in range(len(lot.bidders)) for line in _paper(lot, place, at))]) + "\n"


def _paper(lot: Lot, place: int, at: datetime) -> list[str]:
    bidder = lot.bidders[place]
    prices = _prices(lot, TIED[0] if bidder.id in TIED else bidder.id)
    received = (at - timedelta(days=1)).replace(hour=14, minute=10 + 7 * place, second=10 + 13 * place)
    return [
        "",
        f"■ {bidder.name}",
        f"入札金額（税抜）　{yen(breakdown_total(prices, total_quantities(lot)))}円",
        *(f"単価　{item.name}　{yen(prices[item.id])}円" for item in lot.items),
        f"受付　{wareki(received)}{received:%H時%M分%S秒}　くじ番号　{DRAW_NUMBERS[place]:03}",
    ]


def _prices(lot: Lot, bidder: str) -> Mapping[str, Yen]:
    return next(bid.unit_prices or {} for bid in lot.attempts[0].bids if bid.bidder == bidder)


def _printers(example: Round) -> Lot:
    return next(lot for lot in example.lots if lot.id == LOT)


def _outline(lot: Lot, at: datetime) -> Outline:
    year = fiscal_year_of(at.date())
    return Outline(
        ref=round_number(year, 2),
        title=f"{fullwidth(fiscal_year_name(year))} {lot.title}",
        fiscal_year=year,
        bid_date=at.date(),
        council=Letterhead().council,
        note=MADE_UP,
        is_sample=True,
    )


def _lot(lot: Lot) -> Lot:
    rules = Rules(draw=DrawMethod.CORE_EPOCH_SECONDS, void_grounds=STANDARD)
    return Lot(lot.id, lot.title, lot.contract_kind, rules, lot.items)


def _ceiling(lot: Lot) -> Ceiling:
    basis = Basis(quotations=3, lowest_quotation=5_600_000, average_quotation=5_830_000, note="見本：参考見積による")
    return Ceiling(least_with_tax(CEILING, lot.rules.tax_rate), CEILING, basis)
