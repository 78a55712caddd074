// A table of boxes that behaves like a spreadsheet: Enter and arrows, pasting columns and blocks, one message per mistake.

const ANNOUNCE_AFTER = 1500; // ms after the last key: one sentence for screen readers, not one for every digit

/**
 * Subclasses say how a box is read (`read` → figure, null or undefined), written back (`write`),
 * what is wrong with it (`fault` → Japanese sentence or null), how sums are drawn (`total`) and told (`summary`).
 */
export class NumberGrid extends HTMLElement {
  connectedCallback() {
    this.rows = [...this.querySelectorAll("tbody tr")].map((row) => [...row.querySelectorAll("input.box")]).filter((row) => row.length);
    this.addEventListener("input", (event) => this.refresh(event.target));
    this.addEventListener("change", (event) => this.settle(event.target));
    this.addEventListener("keydown", (event) => this.move(event));
    this.addEventListener("paste", (event) => this.paste(event));
    this.addEventListener("focusin", (event) => event.target.matches("input.box") && event.target.select());
    this.total();
  }

  place(box) {
    const row = this.rows.findIndex((boxes) => boxes.includes(box));
    return { row, column: row < 0 ? -1 : this.rows[row].indexOf(box) };
  }

  /** Enter moves on and never submits a half-filled form; while the IME converts, every key is its own. */
  move(event) {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const down = { ArrowDown: 1, ArrowUp: -1, Enter: event.shiftKey ? -1 : 1 }[event.key] ?? 0;
    const right = event.shiftKey ? 0 : { ArrowRight: 1, ArrowLeft: -1 }[event.key] ?? 0;
    const { row, column } = this.place(event.target);
    if (row < 0 || !(down || (right && this.isAtEdge(event.target, right)))) return;
    event.preventDefault();
    this.rows[row + down]?.[column + right]?.focus();
  }

  /** Sideways the arrows leave a box where the caret can go no further, or where all of it is selected. */
  isAtEdge({ value, selectionStart, selectionEnd }, right) {
    if (selectionStart === 0 && selectionEnd === value.length) return true;
    return selectionStart === selectionEnd && selectionEnd === (right > 0 ? value.length : 0);
  }

  paste(event) {
    const lines = event.clipboardData.getData("text/plain").replace(/(\r?\n)+$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    const { row, column } = this.place(event.target);
    if (row < 0 || (lines.length === 1 && lines[0].length === 1)) return;
    event.preventDefault();
    const filled = lines.slice(0, this.rows.length - row);
    filled.forEach((texts, down) => texts.forEach((text, right) => this.fill(this.rows[row + down][column + right], text)));
    this.dispatchEvent(new Event("input", { bubbles: true }));
    const lost = lines.length - filled.length;
    this.say(`${filled.length}行を貼り付けました。${lost ? `${lost}行は表に入りません。` : ""}${this.summary()}`);
  }

  fill(box, text) {
    if (!box) return;
    box.value = text.trim();
    this.settle(box);
  }

  settle(box) {
    if (!box.matches("input.box")) return;
    const fault = this.fault(box);
    if (!fault) box.value = this.write(box);
    this.mark(box, fault);
    this.total();
  }

  mark(box, fault) {
    const id = `${box.id}-error`;
    document.getElementById(id)?.remove();
    box.removeAttribute("aria-invalid");
    box.removeAttribute("aria-describedby");
    if (fault) {
      const text = Object.assign(document.createElement("p"), { className: "err", id, textContent: `＊${fault}` });
      box.closest("td").append(text);
      box.setAttribute("aria-invalid", "true");
      box.setAttribute("aria-describedby", id);
    }
    const row = box.closest("tr");
    row.classList.toggle("has-error", row.querySelector("[aria-invalid]") !== null);
  }

  refresh() {
    this.total();
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.say(this.summary()), ANNOUNCE_AFTER);
  }

  say(sentence) {
    clearTimeout(this.timer);
    this.querySelector("[data-announce]").textContent = sentence;
  }
}

/** A figure with its unit, or a dash with the words for it, as the macros draw them. */
export function show(place, text, unit) {
  const number = Object.assign(document.createElement("span"), { className: "num" });
  if (text === null) {
    const dash = Object.assign(document.createElement("span"), { textContent: "—", ariaHidden: "true" });
    number.append(dash, Object.assign(document.createElement("span"), { className: "vh", textContent: "なし" }));
  } else {
    number.append(text, Object.assign(document.createElement("span"), { className: "unit", textContent: unit }));
  }
  place.replaceChildren(number);
}
