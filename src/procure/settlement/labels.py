"""The Japanese words for statuses, outcomes, reasons and rules, so that page, document and record say the same."""

from procure.settlement.award import (
    BREAKDOWN_MISSING,
    CEILING_DISCLOSED,
    DRAW_DATA_MISSING,
    LAST_ATTEMPT,
    NO_ELIGIBLE_BID,
    NO_ENTRIES,
    NO_VALID_BID,
    REVIEW_FAILED,
    REVIEW_MISSING,
)
from procure.settlement.bids import BELOW_MINIMUM, NOT_A_PARTICIPANT, NOT_LOWER, OVER_CEILING
from procure.settlement.result import BidStatus, Outcome
from procure.settlement.round import (
    CeilingDisclosure,
    ContractKind,
    DrawMethod,
    Entry,
    NegotiationGround,
    Review,
    TenderMethod,
    WitnessKind,
)

BID_STATUS = {
    BidStatus.DECLINED: "辞退",
    BidStatus.ABSENT: "不参",
    BidStatus.VOID: "無効",
    BidStatus.DISQUALIFIED: "失格",
    BidStatus.OVER_CEILING: "予定価格超過",
    BidStatus.ELIGIBLE: "有効",
    BidStatus.AWARDED: "落札",
    BidStatus.LOST_DRAW: "くじ落選",
}

OUTCOME = {
    Outcome.PENDING: "開札前",
    Outcome.CANCELLED: "取止め",
    Outcome.AWARDED: "落札",
    Outcome.DRAW_REQUIRED: "くじ待ち",
    Outcome.REBID: "再度入札",
    Outcome.NO_BIDS: "不調",
    Outcome.NO_AWARD: "不落",
    Outcome.REVIEW_REQUIRED: "審査待ち",
}

_REASON = {
    NOT_A_PARTICIPANT: "前回の入札が有効でなく、再度の入札に参加できない",
    NOT_LOWER: "前回の最低入札金額以上",
    BELOW_MINIMUM: "最低制限価格未満",
    OVER_CEILING: "事前公表の予定価格超過",
    BREAKDOWN_MISSING: "内訳書がなく、単価が不明",
    NO_ENTRIES: "入札者なし",
    CEILING_DISCLOSED: "予定価格を事前に公表しており、再度の入札を行わない",
    NO_VALID_BID: "有効な入札なし",
    LAST_ATTEMPT: "最後の回まで予定価格の制限の範囲内の入札なし",
    NO_ELIGIBLE_BID: "予定価格の制限の範囲内の入札なし",
    DRAW_DATA_MISSING: "くじの結果が未登録",
    REVIEW_MISSING: "落札候補者の入札参加資格の審査が未登録",
    REVIEW_FAILED: "入札参加資格の審査（事後審査）に不適合",
}

ENTRY = {Entry.BID: "入札", Entry.DECLINED: "辞退", Entry.ABSENT: "不参"}

CONTRACT_KIND = {
    ContractKind.PURCHASE: "物品購入",
    ContractKind.LEASE: "賃貸借",
    ContractKind.WORKS: "製造その他の請負",
}

CEILING_DISCLOSURE = {
    CeilingDisclosure.AFTER: "事後公表",
    CeilingDisclosure.BEFORE: "事前公表",
    CeilingDisclosure.NEVER: "非公表",
}

DRAW_METHOD = {
    DrawMethod.PAPER: "くじ（紙）",
    DrawMethod.CORE_EPOCH_SECONDS: "電子くじ（くじ番号と受付時刻）",
    DrawMethod.KUJI_ONLY: "電子くじ（くじ番号のみ）",
    DrawMethod.RANDOM_ADDED: "電子くじ（くじ番号と受付票の乱数）",
    DrawMethod.MILLISECONDS: "電子くじ（くじ番号と受付時刻のミリ秒）",
    DrawMethod.MILLISECONDS_CUT: "電子くじ（くじ番号と受付時刻のミリ秒、合計は下3桁）",
    DrawMethod.WAKAYAMA: "電子くじ（受付日時の数字と開札時刻のミリ秒）",
}

REVIEW = {Review.BEFORE: "事前審査", Review.AFTER: "事後審査"}

TENDER_METHOD = {TenderMethod.OPEN: "一般競争入札", TenderMethod.DESIGNATED: "指名競争入札"}

WITNESS_KIND = {WitnessKind.BIDDER: "入札者", WitnessKind.OFFICIAL: "入札事務に関係のない職員"}

NEGOTIATION_GROUND = {
    NegotiationGround.FAILED_TENDER: "地方自治法施行令第167条の2第1項第8号",
    NegotiationGround.NOT_SIGNED: "地方自治法施行令第167条の2第1項第9号",
}
NEGOTIATION_SHORT = {
    NegotiationGround.FAILED_TENDER: "令167条の2第1項第8号",
    NegotiationGround.NOT_SIGNED: "令167条の2第1項第9号",
}

_ATTEMPT = {1: "初度入札", 2: "再度入札", 3: "再々度入札"}


def reason_label(reason: str) -> str:
    """The words for a reason; what an officer wrote stands for itself."""
    return _REASON.get(reason, reason)


def attempt_label(number: int) -> str:
    return _ATTEMPT[number]
