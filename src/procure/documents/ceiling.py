"""予定価格調書: the ceiling of a lot with and without tax, 秘 until it may be known."""

from collections.abc import Iterable
from datetime import datetime

from procure.documents.letterhead import Letterhead
from procure.documents.press import Variant
from procure.documents.sheet import Sheet, pdf
from procure.errors import NotFound
from procure.reports.report import LotReport, RoundReport
from procure.settlement.labels import CEILING_DISCLOSURE, CONTRACT_KIND
from procure.settlement.round import CeilingDisclosure
from procure.templates import yen
from procure.values.money import whole_or_exact

WRITTEN = ("算定の根拠", "作成年月日", "作成者（職・氏名）", "決定者（職・氏名）")


def ceiling_pdf(
    report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime, *, is_published: bool
) -> bytes:
    """For the secretariat alone. Raises NotFound where the lot has no ceiling on record."""
    return pdf(ceiling_sheet(report, lot, letterhead, made_at, is_published=is_published))


def ceiling_sheet(
    report: RoundReport, lot: str, letterhead: Letterhead, made_at: datetime, *, is_published: bool
) -> Sheet:
    number, shown = next((place, one) for place, one in enumerate(report.lots, start=1) if one.id == lot)
    if shown.ceiling is None:
        raise NotFound
    return Sheet(
        id=f"{report.id}-CEILING-{number}",
        template="ceiling.html",
        title=f"{shown.title}　予定価格調書（{report.council}）",
        short=f"{shown.title}　予定価格調書",
        description="予定価格、うち消費税及び地方消費税の額、入札書比較価格",
        letterhead=letterhead,
        made_at=made_at,
        variant=Variant.ARCHIVAL,
        values={
            "lot": shown,
            "is_secret": is_secret(shown, is_published=is_published),
            "tax": ceiling_tax(shown),
            "facts": tuple(_facts(report, shown)),
            "written": WRITTEN,
        },
    )


def is_secret(lot: LotReport, *, is_published: bool) -> bool:
    """Whether the ceiling is to be kept: until the publication, and after it where it is not among what is published.

    A lot without an award may still be contracted under the same ceiling (施行令167条の2第2項).
    """
    is_known = is_published or lot.ceiling_disclosure is CeilingDisclosure.BEFORE
    return not (is_known and lot.ceiling_may_be_named)


def ceiling_tax(lot: LotReport) -> int:
    """消費税等 in the 予定価格: what is left above 入札書比較価格, cut to whole yen as every contract's tax is."""
    return (lot.ceiling_with_tax or 0) - int(whole_or_exact(lot.ceiling or 0))


def _facts(report: RoundReport, lot: LotReport) -> Iterable[tuple[str, str]]:
    yield "件名", lot.title
    yield "案件", f"{report.title}（{report.id}）"
    yield "契約の種類", CONTRACT_KIND[lot.contract_kind]
    yield "数量", f"{sum(item.quantity > 0 for item in lot.items)}品目　{yen(sum(item.quantity for item in lot.items))}"
    yield "参加団体", f"{lot.participants}団体"
    yield "税率", f"{lot.tax_percent}％"
    yield "公表の別", CEILING_DISCLOSURE[lot.ceiling_disclosure]
