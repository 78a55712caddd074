"""The one table of the documents of a round: what there is, for whom, from when on, and who writes it.

The folder of `procure documents`, the downloads of the pages and the documents that are kept all follow it.
"""

from procure.documents import writers
from procure.documents.award import award_pdf
from procure.documents.contract_prices import contract_prices_pdf
from procure.documents.excel import savings_xlsx
from procure.documents.kind import Audience, Kind, Scope, Since
from procure.documents.notice import notified
from procure.documents.opening import is_opened
from procure.documents.savings import savings_pdf
from procure.errors import NotFound
from procure.reports.matrix import matrices

UNDECIDED = "落札者の決定を確定するまで、この帳票は発行できません。"
UNOPENED = "このロットの入札をすべて記録するまで、開札調書は発行できません。"
NO_BIDS = "まだ開札していないため、入札比較表はありません。開札して入札を記録した後に取得してください。"

KINDS = (
    Kind(
        "award.pdf",
        "落札結果",
        "件名別の落札者、落札金額、入札の経過、契約単価",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        writers.of_round(award_pdf),
    ),
    Kind(
        "results.pdf",
        "入札結果公表",
        "件名別の結果表。入札参加者と各回の金額、落札者、予定価格、落札率",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        writers.results,
    ),
    Kind(
        "prices.pdf",
        "契約単価一覧",
        "契約単価と、団体ごとの数量・金額の配分表",
        Scope.ROUND,
        Audience.BODIES,
        Since.CONFIRMATION,
        writers.of_round(contract_prices_pdf),
    ),
    Kind(
        "savings.pdf",
        "経費削減効果報告書",
        "定価に対する削減額と値引率、市町村別の内訳、算定の方法",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        writers.of_round(savings_pdf),
    ),
    Kind(
        "savings.xlsx",
        "経費削減効果",
        "報告書と同じ数値の表。計算式付き",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        writers.of_round(savings_xlsx),
    ),
    Kind(
        "savings.csv",
        "経費削減効果",
        "団体別、品目別の数量と金額の一覧",
        Scope.ROUND,
        Audience.PUBLIC,
        Since.CONFIRMATION,
        writers.savings_table,
    ),
    Kind(
        "lots/{of}/ceiling.pdf",
        "予定価格調書",
        "予定価格と、そのうちの消費税及び地方消費税の額",
        Scope.LOT,
        Audience.COUNCIL,
        Since.CONFIRMATION,
        writers.ceiling,
        exists=lambda papers, lot: papers.lot(lot)[0].ceiling is not None,
        changes_when_published=True,  # 秘 until then
    ),
    Kind(
        "lots/{of}/opening.pdf",
        "開札調書",
        "各回の入札と、開札の結果",
        Scope.LOT,
        Audience.COUNCIL,
        Since.OPENING,
        writers.opening,
        exists=lambda papers, lot: is_opened(papers.lot(lot)[2]),
        refusal=UNOPENED,
    ),
    Kind(
        "lots/{of}/matrix.xlsx",
        "入札比較",
        "入札者別、品目別の単価と金額の比較。計算式付き",
        Scope.LOT,
        Audience.COUNCIL,
        Since.OPENING,
        writers.matrix,
        exists=lambda papers, lot: bool(matrices(*papers.lot(lot)[1:])),
        refusal=NO_BIDS,
    ),
    Kind(
        "lots/{of}/winner.pdf",
        "落札者決定通知書",
        "落札者への通知。契約の相手方となる団体と数量",
        Scope.LOT,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        writers.winner,
        exists=lambda papers, lot: papers.lot(lot)[0].award_stands,
    ),
    Kind(
        "lots/{of}/losers.pdf",
        "非落札通知",
        "落札しなかった入札者への通知",
        Scope.LOT,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        writers.losers,
        exists=writers.has_losers,
    ),
    Kind(
        "lots/{of}/contractors.pdf",
        "契約相手方決定通知書",
        "随意契約の相手方への通知。契約の相手方となる団体と数量",
        Scope.LOT,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        writers.contractors,
        exists=lambda papers, lot: bool(papers.lot(lot)[0].contracts),
    ),
    Kind(
        "notices.pdf",
        "結果通知（全団体）",
        "全団体への通知を1つにまとめたもの。印刷用",
        Scope.ROUND,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        writers.notices,
        exists=lambda papers, _: bool(notified(papers.report)),
        tells_delivery=True,
    ),
    Kind(
        "notices/{of}.pdf",
        "結果通知",
        "団体への通知。数量、金額、契約の手続、発注書",
        Scope.BODY,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        writers.notice,
        exists=lambda papers, code: any(body.code == code for body in notified(papers.report)),
        tells_delivery=True,
    ),
    Kind(
        "orders/{of}.xlsx",
        "発注書",
        "団体が契約の相手方ごとに記入し、印刷する発注書。計算式付き",
        Scope.BODY,
        Audience.ADDRESSEE,
        Since.CONFIRMATION,
        writers.orders,
        exists=lambda papers, code: bool(papers.orders(code)),
        tells_delivery=True,
    ),
    Kind(
        "result.json",
        "結果データ",
        "計算結果の全体。予定価格を含む",
        Scope.ROUND,
        Audience.COUNCIL,
        Since.CONFIRMATION,
        writers.result_file,
    ),
    Kind(
        "round.json",
        "案件データ",
        "案件の全体。保存、移行、再計算に使う。予定価格を含む",
        Scope.ROUND,
        Audience.COUNCIL,
        Since.BEGINNING,
        writers.round_file,
    ),
)
_BY_PATH = {kind.path: kind for kind in KINDS}


def kind_at(path: str) -> Kind:
    """`award.pdf`, `lots/{of}/opening.pdf`. Raises NotFound."""
    if path not in _BY_PATH:
        raise NotFound
    return _BY_PATH[path]
