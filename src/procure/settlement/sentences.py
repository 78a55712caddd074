"""A sentence about a decision with the article of law that it rests on, and the articles by name."""

from collections.abc import Mapping
from dataclasses import dataclass

from procure.settlement.round import Lot
from procure.values.money import Yen, format_decimal

LOWEST_WITHIN_CEILING = "地方自治法第234条第3項"
NOTICE = "地方自治法施行令第167条の6第1項"
CONDITIONS_OF_BIDDING = "地方自治法施行令第167条の6第2項"
OPENING = "地方自治法施行令第167条の8第1項"
REBID = "地方自治法施行令第167条の8第4項"
LOTTERY = "地方自治法施行令第167条の9"
MINIMUM = "地方自治法施行令第167条の10第2項"
DESIGNATION = "地方自治法施行令第167条の12第1項"
NEGOTIATED_AFTER_FAILURE = "地方自治法施行令第167条の2第1項第8号"

Names = Mapping[str, str]  # bidders' names by id


@dataclass(frozen=True, slots=True)
class Sentence:
    """`law` is the article that the sentence rests on; None where it states a fact."""

    text: str
    law: str | None = None

    def __str__(self) -> str:
        return self.text if self.law is None else f"{self.text.removesuffix('。')}（{self.law}）。"


def names_of(lot: Lot) -> Names:
    return {bidder.id: bidder.name for bidder in lot.bidders}


def yen(amount: Yen) -> str:
    """1,234,567, with the decimals that the amount has."""
    whole, point, rest = format_decimal(amount).partition(".")
    return f"{int(whole):,}{point}{rest}"
