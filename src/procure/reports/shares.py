"""What each body gets and pays in a lot, as it is shown."""

from collections.abc import Sequence
from fractions import Fraction

from procure.parties.directory import Body
from procure.reports.items import own_rows
from procure.reports.report import ItemRow, ShareRow
from procure.settlement.result import Share
from procure.settlement.savings import statement


def share_row(share: Share, body: Body, items: Sequence[ItemRow]) -> ShareRow:
    """`items` are the rows of the lot, or of the contract that the share is of."""
    return ShareRow(
        code=share.code,
        name=body.name,
        display_name=body.display_name,
        kind=body.kind,
        amount=share.amount,
        tax=share.tax,
        amount_with_tax=share.amount_with_tax,
        list_amount=share.list_amount,
        saved=share.saved,
        savings_percent=share.savings_percent,
        statement=_statement(share),
        items=own_rows(items, share.items),
    )


def _statement(share: Share) -> str | None:
    """定価の約51.6％引きで購入 over the body's own quantities; None where it cannot be known."""
    if not share.list_amount or share.saved is None:
        return None
    return statement(Fraction(share.saved) * 100 / Fraction(share.list_amount))
