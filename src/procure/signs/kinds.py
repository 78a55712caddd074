"""The kinds of signs, each with what it looks at, its formula, its threshold and where the method comes from."""

from dataclasses import dataclass
from enum import StrEnum

from procure.signs import thresholds
from procure.signs.wording import percentage, ratio

SETTING = "基準の値は、このサービスの設定です。"
IACRC_TESTS = "International Anti-Corruption Resource Center「Automated tests for collusive bidding」"
IACRC_PATTERNS = "International Anti-Corruption Resource Center「Red Flag: Unusual bidding patterns」"
CARDINAL = "Open Contracting Partnership「Cardinal」の指標R024"
IMHOF = "D. Imhof「Simple Statistical Screens to Detect Bid Rigging」（フリブール大学 WP SES 484、2017年）"
OECD = "OECD「Guidelines for Fighting Bid Rigging in Public Procurement」（2009年）"
CCA = "cca.org.mx の公共調達ツールキット（入札談合の兆候）"
OMBUDSMAN = "全国市民オンブズマン連絡会議「談合追及の為の用語の説明」（落札率95%以上）"
AUDIT_BOARD = "会計検査院「独立行政法人の業務、財務、入札、契約の状況について」（平成21年9月）"


class Kind(StrEnum):
    SINGLE_BID = "single_bid"
    IDENTICAL_TOTALS = "identical_totals"
    IDENTICAL_UNIT_PRICES = "identical_unit_prices"
    FIXED_RATIO = "fixed_ratio"
    CLOSE_SECOND = "close_second"
    LOW_VARIATION = "low_variation"
    RELATIVE_DISTANCE = "relative_distance"
    EQUAL_STEPS = "equal_steps"
    SECOND_GIVES_UP = "second_gives_up"
    FIRST_UNCHANGED = "first_unchanged"
    NEAR_CEILING = "near_ceiling"
    LOW_AWARD = "low_award"
    TOTALS_AT_FIXED_RATIO = "totals_at_fixed_ratio"
    DECLINES_IN_TURN = "declines_in_turn"
    ROTATION = "rotation"
    NEVER_WINS = "never_wins"


@dataclass(frozen=True, slots=True)
class Method:
    """How a kind of sign is found: all that a reader needs to compute it again, and to look up why."""

    label: str
    formula: str
    threshold: str
    source: str


METHODS = {
    Kind.SINGLE_BID: Method(
        "一者応札",
        "その回に入札した者を数えます（無効、失格を含む。辞退、不参は含まない）。",
        "1者",
        f"{AUDIT_BOARD}は、1者応札では実質的な競争性を確保しにくいとしています。",
    ),
    Kind.IDENTICAL_TOTALS: Method(
        "同じ入札金額",
        "入札金額（税抜）が1円の違いもなく同じ入札者を探します（無効、失格を含む）。",
        "2者以上",
        f"{CCA}が、異なる者の同額の入札を挙げています。",
    ),
    Kind.IDENTICAL_UNIT_PRICES: Method(
        "同じ単価",
        "品目ごとに、単価が同じ入札者を探します（無効、失格を含む）。1品目のロットでは、入札金額と同じため確かめません。",
        "1品目以上で2者以上",
        f"{IACRC_TESTS}が、異なる者の内訳単価の一致を挙げています。",
    ),
    Kind.FIXED_RATIO: Method(
        "一定の比の単価",
        "2者の単価の比（一方の単価÷他方の単価）を全品目について求め、最大の比÷最小の比−1を見ます。",
        f"{percentage(thresholds.FIXED_RATIO, 1)}以下（{thresholds.ITEMS_FOR_RATIO}品目以上）",
        f"{IACRC_PATTERNS}が、内訳単価が一定の割合で異なることを挙げています。{SETTING}",
    ),
    Kind.CLOSE_SECOND: Method(
        "最低額に近い2番目",
        "（2番目に低い有効な入札金額−最低の入札金額）÷最低の入札金額。同額は「同じ入札金額」で確かめます。",
        f"{percentage(thresholds.CLOSE_SECOND, 0)}以内",
        f"{CARDINAL}が差の割合を指標とし、{IACRC_TESTS}が「1%以内」を例に挙げています。",
    ),
    Kind.LOW_VARIATION: Method(
        "小さいばらつき",
        "変動係数＝標本標準偏差÷平均。有効な入札金額から求めます。",
        f"{percentage(thresholds.LOW_VARIATION, 0)}以下（有効な入札{thresholds.BIDS_FOR_SPREAD}者以上）",
        f"{IMHOF}が、談合があるとばらつきが小さくなるとしています。{SETTING}",
    ),
    Kind.RELATIVE_DISTANCE: Method(
        "離れた最低額",
        "相対距離＝（2番目に低い入札金額−最低の入札金額）÷最低以外の入札金額の標本標準偏差。有効な入札金額から求めます。",
        f"{ratio(thresholds.RELATIVE_DISTANCE, 0)}倍以上（有効な入札{thresholds.BIDS_FOR_DISTANCE}者以上）",
        f"{IMHOF}が、1番目と2番目が離れ、ほかが互いに近づく形を挙げています。{SETTING}",
    ),
    Kind.EQUAL_STEPS: Method(
        "等間隔の入札金額",
        "有効な入札金額を低い順に並べ、隣どうしの差がすべて同じかを見ます。",
        f"すべて同じ（有効な入札{thresholds.BIDS_FOR_SPREAD}者以上）",
        f"{CCA}が、各社の入札の間隔が同じことを挙げています。",
    ),
    Kind.SECOND_GIVES_UP: Method(
        "2番目の者の辞退",
        "前回に2番目に低い有効な入札をした者が、再度の入札に入札したかを見ます。",
        "入札していない（辞退、不参）",
        f"{CCA}が、再度の入札に一部の者が応じないことを挙げています。",
    ),
    Kind.FIRST_UNCHANGED: Method(
        "変わらない1番目",
        "すべての回で、同じ者が最低の有効な入札をしたかを見ます（いわゆる1位不動）。",
        "2回以上の入札のすべて",
        f"{CCA}が、再度の入札でも順位が変わらないことを挙げています。",
    ),
    Kind.NEAR_CEILING: Method(
        "予定価格に近い落札",
        "落札金額（税抜）÷入札書比較価格（税抜）。",
        f"{percentage(thresholds.NEAR_CEILING, 0)}以上",
        f"{OMBUDSMAN}が高い落札率を挙げています。{SETTING}",
    ),
    Kind.LOW_AWARD: Method(
        "著しく低い落札",
        "落札金額（税抜）÷入札書比較価格（税抜）。履行の確実さと、予定価格の積算を確かめるきっかけです。",
        f"{percentage(thresholds.LOW_AWARD, 0)}未満",
        f"物品の購入には低入札価格調査の定めがありません（施行令167条の10）。{SETTING}",
    ),
    Kind.TOTALS_AT_FIXED_RATIO: Method(
        "一定の比の入札金額",
        "2者がともに入札したロットごとに、初度入札の入札金額の比を求め、最大の比÷最小の比−1を見ます。",
        f"{percentage(thresholds.FIXED_RATIO, 1)}以下（{thresholds.LOTS_FOR_RATIO}ロット以上）",
        f"{IACRC_TESTS}が、入札金額が一定の割合で異なることを挙げています。{SETTING}",
    ),
    Kind.DECLINES_IN_TURN: Method(
        "交互の辞退",
        "2者がともに登録したすべてのロットで、初度入札に一方だけが入札し、入札しない者が交互に入れ替わるかを見ます。",
        f"{thresholds.LOTS_FOR_TURNS}ロット以上",
        f"{OECD}が、入札の差控えと取下げを談合の形として挙げています。{SETTING}",
    ),
    Kind.ROTATION: Method(
        "順番の落札",
        "落札者を入札日の順に並べ、同じ順番が2巡以上続くかを見ます。すべてのロットと、同じ番号のロットとで確かめます。",
        f"2者以上の同じ順番が2巡以上（{thresholds.AWARDS_FOR_ROTATION}件以上）",
        f"{OECD}が、順番に落札する形（ローテーション）を挙げています。{SETTING}",
    ),
    Kind.NEVER_WINS: Method(
        "入札を続け、落札のない者",
        "落札者のあるロットのうち、登録したすべての初度入札に入札し、一度も落札していない者を探します。",
        f"{thresholds.LOTS_FOR_NEVER_WINNING}ロット以上",
        f"{OECD}が、形だけの入札を談合の形として挙げています。{SETTING}",
    ),
}
