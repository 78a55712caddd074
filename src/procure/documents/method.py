"""算定の方法: how savings are worked out, in the words of the report and of the spreadsheet."""

from procure.settlement.result import Savings

_BEFORE = (
    ("比較の基準", "定価（メーカー希望小売価格、税抜）。定価は、入札公告の時点のものを用いる。"),
    ("税の扱い", "定価、落札単価及び削減額は、すべて税抜で比較する。税込の契約額は別に表示する。"),
    ("値引率", "（１－落札総額÷定価総額）×100。数量で加重した合計額の比とし、個々の率を平均しない。"),
    ("端数処理", "金額は途中で丸めない。率は合計額から一度だけ計算し、小数第２位を四捨五入。"),
)
_AFTER = (
    ("数量", "需要調査で各市町村が回答した入札時の数量。契約後の増減は含まない。"),
    ("参加団体数", "件名ごとの参加市町村の数。合計は重複を除いた実数。"),
    ("落札率との違い", "落札率は予定価格に対する割合であり、削減効果ではない。本報告書では用いない。"),
)


def method(savings: Savings | None) -> tuple[tuple[str, str], ...]:
    """Label and text of each rule; the scope says how much of the award has a list price."""
    return (*_BEFORE, ("対象の範囲", _scope(savings)), *_AFTER)


def _scope(savings: Savings | None) -> str:
    if savings is None:
        return "定価のある品目がないため、定価との比較はない。"
    return (
        f"定価のある{savings.covered_items}／{savings.items}品目（落札総額の{savings.coverage_percent}％）。"
        "オープン価格の品目は、比較から除く。"
    )
