"""予定価格調書: the ceiling of a lot with and without tax, 秘 until it may be known."""

from collections.abc import Iterable
from datetime import datetime

from procure.ceilings.ceiling import Basis
from procure.documents.letterhead import Letterhead
from procure.documents.press import Variant
from procure.documents.sheet import Sheet, pdf
from procure.errors import NotFound
from procure.reports.lot_record import LotRecord, SealLine
from procure.reports.report import LotReport, RoundReport
from procure.settlement.labels import CEILING_DISCLOSURE, CONTRACT_KIND
from procure.settlement.round import CeilingDisclosure
from procure.templates import prose, yen
from procure.values.era import wareki_time
from procure.values.money import Yen, format_decimal, whole_or_exact

NO_RECORD = LotRecord()
# What is not on record is written by hand.
WRITTEN = ("決定者（職・氏名）",)
WITHOUT_RECORD = ("算定の根拠", "作成年月日", "作成者（職・氏名）", *WRITTEN)


def ceiling_pdf(
    report: RoundReport,
    lot: str,
    letterhead: Letterhead,
    made_at: datetime,
    *,
    is_published: bool,
    record: LotRecord = NO_RECORD,
) -> bytes:
    """For the secretariat alone. Raises NotFound where the lot has no ceiling on record."""
    return pdf(ceiling_sheet(report, lot, letterhead, made_at, is_published=is_published, record=record))


def ceiling_sheet(
    report: RoundReport,
    lot: str,
    letterhead: Letterhead,
    made_at: datetime,
    *,
    is_published: bool,
    record: LotRecord = NO_RECORD,
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
            "basis": tuple(_basis(record.basis)) if record.basis else (),
            "seal": tuple(_seal(report, shown, record.seal)) if record.seal else (),
            "written": WRITTEN if record.seal else WITHOUT_RECORD,
        },
    )


def _basis(basis: Basis) -> Iterable[tuple[str, str]]:
    """算定の根拠, as it was sealed with the amounts."""
    if basis.list_total is not None:
        yield "定価の総額（税抜）", f"{yen(basis.list_total)}円"
    if basis.discount_percent is not None:
        yield "見込んだ値引率", f"{format_decimal(basis.discount_percent)}％"
    if basis.quotations is not None:
        yield "参考見積", f"{basis.quotations}者"
    if basis.lowest_quotation is not None:
        yield "参考見積の最低（税抜）", f"{yen(basis.lowest_quotation)}円"
    if basis.average_quotation is not None:
        yield "参考見積の平均（税抜）", f"{yen(basis.average_quotation)}円"
    for line in basis.earlier:
        yield "これまでの契約", line
    if basis.note:
        yield "算定の説明", basis.note


def _seal(report: RoundReport, lot: LotReport, seal: SealLine) -> Iterable[tuple[str, str]]:
    """Who set and sealed it, and how anybody can see that it was not changed since."""
    yield "封印", f"{prose(wareki_time(seal.sealed_at))}　{seal.sealed_by}"
    if seal.reason:
        yield "定め直した理由", f"{seal.reason}（第{seal.number}回の封印）"
    yield "開封", f"{prose(wareki_time(seal.opened_at))}　{seal.opened_by}"
    yield "封印の照合値", seal.commitment
    yield "照合に使う乱数", seal.nonce
    yield (
        "照合の方法",
        f"「乱数|{report.id}|{lot.id}|{seal.number}|予定価格（税込）|入札書比較価格」の文字列のSHA-256が、封印の照合値と"
        "一致する。金額は桁区切りのない数字とする。",
    )


def is_secret(lot: LotReport, *, is_published: bool) -> bool:
    """Whether the ceiling is to be kept: until the publication, and after it where it is not among what is published.

    A lot without an award may still be contracted under the same ceiling (施行令167条の2第2項).
    """
    is_known = is_published or lot.ceiling_disclosure is CeilingDisclosure.BEFORE
    return not (is_known and lot.ceiling_may_be_named)


def ceiling_tax(lot: LotReport) -> Yen:
    """消費税等 in the 予定価格: what is left above the whole yen of 入札書比較価格."""
    return (lot.ceiling_with_tax or 0) - int(whole_or_exact(lot.ceiling or 0))


def _facts(report: RoundReport, lot: LotReport) -> Iterable[tuple[str, str]]:
    yield "件名", lot.title
    yield "案件", f"{report.title}（{report.id}）"
    yield "契約の種類", CONTRACT_KIND[lot.contract_kind]
    yield "数量", f"{sum(item.quantity > 0 for item in lot.items)}品目　{yen(sum(item.quantity for item in lot.items))}"
    yield "参加団体", f"{lot.participants}団体"
    yield "税率", f"{lot.tax_percent}％"
    yield "公表の別", CEILING_DISCLOSURE[lot.ceiling_disclosure]
