// Figures as people type them, read exactly: whole numbers and 銭 (1/100 yen) as BigInt, never a float.

const LOOKS_LIKE_MINUS = /[\u2010-\u2015\u2212\u30fc\uff70]/g; // NFKC leaves these alone
const SEPARATORS = /[,、，\s]/g;

/** Half-width, without commas; what else remains is for the caller to read or to refuse. */
function plain(raw) {
  return raw.normalize("NFKC").replace(LOOKS_LIKE_MINUS, "-").replace(SEPARATORS, "");
}

/** The quantity in `raw`: null where nothing stands, undefined where it is not a whole number of at most 9 digits. */
export function readQuantity(raw) {
  const text = plain(raw).replace(/(台|個|本|枚|式|セット)$/, "");
  if (text === "") return null;
  return /^-?[0-9]{1,9}$/.test(text) ? BigInt(text) : undefined;
}

/** The price in `raw` in 銭: null where nothing stands, undefined where it is no price of that many decimals. */
export function readPrice(raw, decimals) {
  const text = plain(raw).replace(/^¥|円$/g, "");
  if (text === "") return null;
  const parts = /^(-?)([0-9]{1,12})(?:\.([0-9]{1,2}))?$/.exec(text);
  if (!parts || (parts[3] ?? "").length > decimals) return undefined;
  const sen = BigInt(parts[2]) * 100n + BigInt((parts[3] ?? "").padEnd(2, "0"));
  return parts[1] ? -sen : sen;
}

const GROUPS = new Intl.NumberFormat("ja-JP");

export function grouped(whole) {
  return GROUPS.format(whole);
}

/** 銭 as yen, with as many decimals as there are. */
export function yen(sen) {
  const size = sen < 0n ? -sen : sen;
  const rest = size % 100n;
  return `${sen < 0n ? "▲" : ""}${grouped(size / 100n)}${rest ? `.${String(rest).padStart(2, "0").replace(/0$/, "")}` : ""}`;
}

/** The same figure without decoration, as it is put back into its box. */
export function written(raw, figure, sen = false) {
  if (figure === null || figure === undefined) return raw;
  return sen ? yen(figure).replaceAll(",", "").replace("▲", "-") : String(figure);
}
