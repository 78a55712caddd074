"""算定の方法: how savings are worked out, in the words of the page, the report and the spreadsheet."""

from procure.reports.report import LotReport
from procure.reports.savings import BASELINES, SavingsReport
from procure.settlement.baselines import TAX_BASIS, WORDING, Baseline, Compared

_BEFORE = (
    ("比較の基準", "定価（メーカー希望小売価格、税抜）。定価は、入札公告の時点のものを用いる。"),
    ("税の扱い", "定価、落札単価及び削減額は、すべて税抜で比較する。税込の契約額は別に表示する。"),
    ("値引率", "（１－落札総額÷定価総額）×100。数量で加重した合計額の比とし、個々の率を平均しない。"),
    ("端数処理", "金額は途中で丸めない。率は合計額から一度だけ計算し、小数第２位を四捨五入。"),
)
_AFTER = (
    ("割高の表示", "落札額が基準額を上回るときは、差額と率に▲を付ける。"),
    ("数量", "需要調査で各市町村が回答した入札時の数量。契約後の増減は含まない。"),
    ("参加団体数", "件名ごとの参加市町村の数。合計は重複を除いた実数。"),
    ("落札率との違い", "落札率と入札差金は予定価格に対するものであり、削減効果ではない。"),
)
_MISSING = {
    Baseline.LIST_PRICE: "定価のある品目がない。",
    Baseline.LAST_PRICE: "前回契約単価のある品目がない。",
    Baseline.HIGHEST_BID: "入札で落札者を決定した件名がない。",
    Baseline.CEILING: "予定価格を公表できる件名がない。",
}


def method(savings: SavingsReport) -> tuple[tuple[str, str], ...]:
    """Label and text of each rule; each baseline with its formula, tax basis, source and coverage."""
    total = savings.total
    return (
        *_BEFORE,
        ("対象の範囲", _scope(total.listed)),
        *((WORDING[baseline].name, _rule(baseline, total.compared(baseline))) for baseline in BASELINES),
        *_AFTER,
    )


def missing(baseline: Baseline) -> str:
    """Why there is nothing to compare with."""
    return _MISSING[baseline]


def coverage(found: Compared) -> str:
    """定価のある5／8品目（落札総額の97.1％）"""
    return f"{WORDING[found.baseline].covered}{covered(found).replace('（', '（落札総額の')}"


def covered(found: Compared) -> str:
    """5／8品目（97.1％）"""
    share = "" if found.coverage_percent is None else f"（{found.coverage_percent}％）"
    return f"{found.covered_items}／{found.items}品目{share}"


def sources(lot: LotReport) -> tuple[str, ...]:
    """Where the list prices of a lot are from, a line for each source with its items."""
    listed = [item for item in lot.items if item.quantity and item.list_price is not None]
    return _by_origin([(item.list_price_source or "出典の登録なし", item.name) for item in listed])


def last_rounds(lot: LotReport) -> tuple[str, ...]:
    """Which rounds the last prices of a lot are from, a line for each with its items."""
    priced = [item for item in lot.items if item.quantity and item.last_price_of]
    return _by_origin([(item.last_price_of or "", item.name) for item in priced])


def _by_origin(named: list[tuple[str, str]]) -> tuple[str, ...]:
    """One origin of all needs no names."""
    origins = list(dict.fromkeys(origin for origin, _ in named))
    if len(origins) == 1:
        return tuple(origins)
    return tuple(f"{one}：{'、'.join(name for origin, name in named if origin == one)}" for one in origins)


def _scope(listed: Compared | None) -> str:
    if listed is None:
        return "定価のある品目がないため、定価との比較はない。"
    return f"{coverage(listed)}。オープン価格の品目は、比較から除く。随意契約によるものは含めず、別に示す。"


def _rule(baseline: Baseline, found: Compared | None) -> str:
    wording = WORDING[baseline]
    covers = missing(baseline) if found is None else f"{coverage(found)}。"
    return f"{wording.rate}＝{wording.formula}（{TAX_BASIS}）。{wording.source}対象：{covers}"
