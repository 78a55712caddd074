// What every page may use: focus on the error summary, the time left to a deadline, a warning before unsaved
// work is lost, wide tables, printing.

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

function focusErrorSummary() {
  const summary = document.getElementById("error-summary");
  summary?.focus();
  summary?.addEventListener("click", (event) => {
    const control = event.target.closest("a") && document.getElementById(decodeURIComponent(event.target.closest("a").hash.slice(1)));
    if (!control) return;
    event.preventDefault();
    control.focus();
  });
}

/** Words and figures of the time left: [あと, 18, 日], or null when it has passed. */
export function left(milliseconds) {
  if (milliseconds <= 0) return null;
  if (milliseconds >= DAY) return ["あと", Math.floor(milliseconds / DAY), "日"];
  const minutes = Math.floor(milliseconds / MINUTE);
  return ["あと", Math.floor(minutes / 60), "時間", minutes % 60, "分"];
}

/** Counts from the server's clock as it stood when the page was made; the clock of the machine is not asked. */
function countDown(place) {
  const passed = performance.now();
  const words = left(Date.parse(place.dataset.countdown) - Date.parse(place.dataset.now) - passed);
  const bold = (text, className) => Object.assign(document.createElement("b"), { textContent: text, className });
  place.replaceChildren(...(words ? words.map((word) => (typeof word === "number" ? bold(word, "num") : word)) : [bold(place.dataset.ended, "")]));
}

function keepCounting() {
  const places = document.querySelectorAll("[data-countdown]");
  if (places.length) setInterval(() => places.forEach(countDown), MINUTE);
}

/** A form with `data-unsaved` asks before the page is left with changes in it. */
function guard(form) {
  // What was refused is not saved either, unless the form says that it was kept ("kept"); "now": it begins unsaved.
  const { unsaved } = form.dataset;
  let changed = unsaved === "now" || (unsaved !== "kept" && document.getElementById("error-summary") !== null);
  const warn = (event) => changed && event.preventDefault();
  form.addEventListener("input", () => {
    changed = true;
    for (const place of document.querySelectorAll("[data-saved]")) place.textContent = "保存していない変更があります";
  });
  for (const event of ["submit", "saved"]) form.addEventListener(event, () => { changed = false; });
  window.addEventListener("beforeunload", warn);
}

function offerPrinting(button) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

/** A table that scrolls by itself can be reached by keyboard, but only while there is something to scroll. */
function reachWhileWide(region) {
  new ResizeObserver(() => {
    if (region.scrollWidth > region.clientWidth || region.scrollHeight > region.clientHeight) region.tabIndex = 0;
    else region.removeAttribute("tabindex");
  }).observe(region);
}

/** Of a text area the browser brings only the caret into view, be it under the bar at the foot. */
function bringIntoView(event) {
  if (event.target.matches("textarea")) event.target.scrollIntoView({ block: "nearest" });
}

/** Says of 外字 as soon as it is typed that others will not see it: components/forms.html says so of what was sent. */
function cautionPrivateUse({ target: box }) {
  if (!box.matches("input[type=text], textarea")) return;
  const id = `${box.id}-private`;
  const there = document.getElementById(id);
  const isNeeded = /\p{Co}/u.test(box.value);
  if (!isNeeded) there?.remove();
  if (!isNeeded || there) return;
  const words = "外字が含まれています。ほかの端末や帳票では正しく表示されません。代わりの字で入力してください。";
  const caution = Object.assign(document.createElement("p"), { id, className: "caution", role: "status", textContent: words });
  (box.closest(".field, td, th") ?? box.parentElement).append(caution);
}

focusErrorSummary();
keepCounting();
document.addEventListener("focusin", bringIntoView);
document.addEventListener("change", cautionPrivateUse);
document.querySelectorAll("form[data-unsaved]").forEach(guard);
document.querySelectorAll("[data-wide]").forEach(reachWhileWide);
document.querySelectorAll("[data-print]").forEach(offerPrinting);
