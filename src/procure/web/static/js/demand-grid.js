// <qty-grid>: the quantities of one municipality, lot by lot, with what they come to at list price.

import { NumberGrid, show } from "./number-grid.js";
import { grouped, readQuantity, written, yen } from "./numbers.js";

const HINT = "数量は0以上の整数で入力してください（例：12）。";

class QuantityGrid extends NumberGrid {
  fault(box) {
    const quantity = readQuantity(box.value);
    return quantity === undefined || (quantity !== null && quantity < 0n) ? HINT : null;
  }

  write(box) {
    return written(box.value, readQuantity(box.value));
  }

  /** An item at オープン価格 has no price: it counts in quantities only. */
  row(row) {
    const box = row.querySelector("input.box");
    const quantity = this.fault(box) ? null : readQuantity(box.value);
    const sen = quantity === null || row.dataset.price === "" ? null : quantity * BigInt(row.dataset.price);
    show(row.querySelector("[data-amount]"), sen === null ? null : yen(sen), "円");
    this.compare(row.querySelector("[data-last]"), quantity);
    return { quantity: quantity ?? 0n, sen: sen ?? 0n };
  }

  compare(place, quantity) {
    if (!place) return;
    const more = quantity === null ? 0n : quantity - BigInt(place.dataset.last);
    place.textContent = more === 0n ? "" : `前回比 ${more > 0n ? "＋" : "−"}${grouped(more > 0n ? more : -more)}`;
  }

  total() {
    const all = { quantity: 0n, sen: 0n };
    for (const lot of this.querySelectorAll("tbody")) {
      const sums = { quantity: 0n, sen: 0n };
      for (const row of lot.querySelectorAll("tr[data-price]")) {
        const { quantity, sen } = this.row(row);
        sums.quantity += quantity;
        sums.sen += sen;
      }
      lot.querySelector("[data-lot-quantity]").textContent = grouped(sums.quantity);
      lot.querySelector("[data-lot-amount]").textContent = yen(sums.sen);
      all.quantity += sums.quantity;
      all.sen += sums.sen;
    }
    this.sums = { quantity: grouped(all.quantity), amount: yen(all.sen) };
    for (const [name, text] of Object.entries(this.sums)) {
      for (const place of document.querySelectorAll(`[data-all-${name}]`)) place.textContent = text;
    }
  }

  summary() {
    return `合計 数量${this.sums.quantity}、定価総額${this.sums.amount}円`;
  }
}

customElements.define("qty-grid", QuantityGrid);
