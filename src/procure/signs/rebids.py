"""Signs over the attempts of one lot: the second gives up, the first stays the first."""

from collections.abc import Sequence

from procure.settlement.labels import ENTRY
from procure.settlement.round import Entry
from procure.signs.kinds import Kind
from procure.signs.opened import Offer, Opened
from procure.signs.sign import Figure, Look, Place, Sign, not_looked
from procure.signs.wording import listed, yen


def second_gives_up(before: Opened, opened: Opened) -> Look:
    """Whether those with the second lowest amount of the attempt `before` all left; `opened` follows it."""
    if not before.second:
        return not_looked(Kind.SECOND_GIVES_UP, opened.place, "前回に、2番目の有効な入札がありません。")
    if any(opened.entries.get(offer.bidder) is Entry.BID for offer in before.second):
        return Look(Kind.SECOND_GIVES_UP, opened.place)
    sentence = f"前回2番目だった{listed(offer.name for offer in before.second)}が、{opened.label}に入札していません。"
    figures = (
        *(Figure(f"{before.label}の最低（{offer.name}）", yen(offer.total)) for offer in before.lowest),
        *(Figure(f"{before.label}の2番目（{offer.name}）", yen(offer.total)) for offer in before.second),
        *(Figure(f"{opened.label}の{offer.name}", _entry(opened, offer)) for offer in before.second),
    )
    return Look(Kind.SECOND_GIVES_UP, opened.place, (Sign(Kind.SECOND_GIVES_UP, opened.place, sentence, figures),))


def _entry(opened: Opened, offer: Offer) -> str:
    entry = opened.entries.get(offer.bidder)
    return "記録なし" if entry is None else ENTRY[entry]


def first_unchanged(place: Place, attempts: Sequence[Opened]) -> Look:
    if len(attempts) < 2:
        return not_looked(Kind.FIRST_UNCHANGED, place, "再度の入札がありません。")
    if not all(opened.valid for opened in attempts):
        return not_looked(Kind.FIRST_UNCHANGED, place, "有効な入札のない回があります。")
    lowest = [{offer.bidder for offer in opened.lowest} for opened in attempts]
    always = set.intersection(*lowest)
    if not always:
        return Look(Kind.FIRST_UNCHANGED, place)
    names = listed(name for bidder, name in attempts[0].names.items() if bidder in always)
    sentence = f"{attempts[0].label}から{attempts[-1].label}まで、最低の入札者が{names}のまま変わっていません。"
    figures = tuple(_first_of(opened) for opened in attempts)
    return Look(Kind.FIRST_UNCHANGED, place, (Sign(Kind.FIRST_UNCHANGED, place, sentence, figures),))


def _first_of(opened: Opened) -> Figure:
    return Figure(
        f"{opened.label}の最低（{listed(offer.name for offer in opened.lowest)}）", yen(opened.lowest[0].total)
    )
