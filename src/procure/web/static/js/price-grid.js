// <price-grid>: the unit prices every bidder offers, and what they come to over the quantities of the lot.

import { NumberGrid, show } from "./number-grid.js";
import { readPrice, written, yen } from "./numbers.js";

class PriceGrid extends NumberGrid {
  get decimals() {
    return Number(this.dataset.decimals);
  }

  fault(box) {
    const sen = readPrice(box.value, this.decimals);
    if (sen === null || (sen !== undefined && sen >= 0n)) return null;
    return this.decimals ? "単価は0以上の数（小数2桁まで）で入力してください（例：1234.5）。" : "単価は0以上の整数で入力してください（例：1234）。";
  }

  write(box) {
    return written(box.value, readPrice(box.value, this.decimals), true);
  }

  /** A column is a bidder: the total in 銭, and how many of its prices are still missing. */
  column(number) {
    const sums = { sen: 0n, missing: 0, given: 0 };
    for (const boxes of this.rows) {
      const box = boxes[number];
      const sen = this.fault(box) ? null : readPrice(box.value, this.decimals);
      if (sen === null) {
        sums.missing += 1;
      } else {
        sums.given += 1;
        sums.sen += sen * BigInt(box.closest("tr").dataset.quantity);
      }
    }
    return sums;
  }

  total() {
    this.totals = [...this.querySelectorAll("[data-total]")].map((place, number) => {
      const { sen, missing, given } = this.column(number);
      show(place, given ? yen(sen) : null, "円");
      if (given && missing) place.append(Object.assign(document.createElement("span"), { className: "rest", textContent: `未入力 ${missing}品目` }));
      return given ? yen(sen) : null;
    });
  }

  summary() {
    const names = [...this.querySelectorAll("thead [id^='bidder-']")].map((head) => head.firstChild.textContent);
    return names.flatMap((name, number) => (this.totals[number] ? [`${name} ${this.totals[number]}円`] : [])).join("、");
  }
}

customElements.define("price-grid", PriceGrid);
