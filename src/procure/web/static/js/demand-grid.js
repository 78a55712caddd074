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

  /** Main units and spares of a row; null where neither can be read. */
  units(row) {
    const [main, spares] = [...row.querySelectorAll("input.box")].map((box) => (this.fault(box) ? null : readQuantity(box.value)));
    return { all: main === null && spares === null ? null : (main ?? 0n) + (spares ?? 0n), spares: spares ?? 0n };
  }

  /** An item at オープン価格 has no price: it counts in quantities only. */
  row(row) {
    const { all, spares } = this.units(row);
    const sen = all === null || row.dataset.price === "" ? null : all * BigInt(row.dataset.price);
    show(row.querySelector("[data-amount]"), sen === null ? null : yen(sen), "円");
    this.compare(row.querySelector("[data-last]"), all);
    return { quantity: all ?? 0n, spares, sen: sen ?? 0n };
  }

  compare(place, quantity) {
    if (!place) return;
    const more = quantity === null ? 0n : quantity - BigInt(place.dataset.last);
    place.textContent = more === 0n ? "" : `${more > 0n ? "＋" : "−"}${grouped(more > 0n ? more : -more)}`;
  }

  total() {
    const all = { quantity: 0n, sen: 0n };
    for (const lot of this.querySelectorAll("tbody")) {
      const sums = { quantity: 0n, spares: 0n, sen: 0n };
      for (const row of lot.querySelectorAll("tr[data-price]")) {
        const read = this.row(row);
        for (const name of Object.keys(sums)) sums[name] += read[name];
      }
      lot.querySelector("[data-lot-quantity]").textContent = grouped(sums.quantity);
      lot.querySelector("[data-lot-spares]").textContent = grouped(sums.spares);
      lot.querySelector("[data-lot-amount]").textContent = yen(sums.sen);
      all.quantity += sums.quantity;
      all.sen += sums.sen;
    }
    this.sums = { quantity: grouped(all.quantity), amount: yen(all.sen) };
    for (const [name, text] of Object.entries(this.sums)) {
      for (const place of document.querySelectorAll(`[data-all-${name}]`)) place.textContent = text;
    }
  }

  refresh(target) {
    if (!target.matches("input.box, qty-grid")) return;
    super.refresh();
    this.join(target);
  }

  settle(box) {
    super.settle(box);
    this.join(box);
  }

  /** Who types a quantity takes part in the lot. */
  join(box) {
    if (!box.matches("input.box") || !(readQuantity(box.value) > 0n)) return;
    box.closest("tbody").querySelector("input[name^='join-'][value=yes]").checked = true;
  }

  summary() {
    return `合計 数量${this.sums.quantity}、定価総額${this.sums.amount}円`;
  }
}

customElements.define("qty-grid", QuantityGrid);
