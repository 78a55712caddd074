// A form with `data-autosave` saves itself as a draft: a little after each change, and when the person turns away.
// Whoever saved in between is never overwritten: saving stops, and both values are shown.

const AFTER_A_CHANGE = 2000; // ms
const RETRY = [5000, 15000, 60000]; // ms
const SIGNED_OUT = 401; // the service leads to the sign-in
const LARGEST_FAREWELL = 60_000; // bytes that a browser still sends for a page that is being left

const made = (tag, className, text) => Object.assign(document.createElement(tag), { className, textContent: text });

class Autosave {
  constructor(form) {
    this.form = form;
    this.failures = 0;
    this.changes = 0;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("submit", (event) => this.submit(event));
    form.addEventListener("focusout", (event) => form.contains(event.relatedTarget) || this.save());
    window.addEventListener("blur", () => this.save());
    window.addEventListener("online", () => this.save());
    document.addEventListener("visibilitychange", () => document.hidden && this.save(true));
  }

  changed() {
    this.changes += 1;
    this.isDirty = true;
    this.later(AFTER_A_CHANGE);
  }

  later(milliseconds) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), milliseconds);
  }

  /** One request at a time: the next one is made from the version that this one brings back. */
  async save(isLeaving = false) {
    if (!this.isDirty || this.isStopped || this.underWay) return;
    clearTimeout(this.timer);
    const seen = this.changes;
    this.underWay = this.send(isLeaving);
    const outcome = await this.underWay;
    this.underWay = null;
    this.settle(outcome, seen);
  }

  async send(isLeaving) {
    const body = new URLSearchParams(new FormData(this.form));
    body.set("action", "auto");
    const keepalive = isLeaving && String(body).length < LARGEST_FAREWELL;
    try {
      const answer = await fetch(this.form.getAttribute("action"), { method: "POST", body, redirect: "manual", keepalive });
      const isJson = answer.headers.get("content-type")?.startsWith("application/json");
      return { status: answer.type === "opaqueredirect" ? SIGNED_OUT : answer.status, answer: isJson ? await answer.json() : null };
    } catch {
      return { status: 0, answer: null };
    }
  }

  settle({ status, answer }, seen) {
    if (status === 200 && answer) this.saved(answer, seen);
    else if (status === 409 && answer) this.stop(answer);
    else this.failed(status);
  }

  saved({ version, state }, seen) {
    this.failures = 0;
    this.form.elements.version.value = version;
    if (this.changes !== seen) return this.later(AFTER_A_CHANGE);
    this.isDirty = false;
    this.form.dispatchEvent(new Event("saved"));
    this.tell(state);
  }

  /** A broken line, an ended sign-in, a page too old: what was typed stays here, and is sent again. */
  failed(status) {
    this.tell(status === 0 || status >= 500 ? "保存できていません（もう一度試みます）" : "保存できていません（ログインの状態を確かめてください）");
    this.later(RETRY[Math.min(this.failures++, RETRY.length - 1)]);
  }

  stop({ message, by, different }) {
    this.isStopped = true;
    this.tell("保存できていません");
    document.querySelector("[data-conflict]").replaceChildren(this.banner(message, by, different));
  }

  banner(message, by, different) {
    const banner = made("div", "notice notice--warning");
    banner.append(made("p", "notice__t", by ? `${by}が先に保存しました` : "保存できませんでした"), made("p", "notice__b", message));
    const list = made("ul", "notice__b");
    list.append(...different.map((one) => made("li", "", `${one.label}：保存されている内容「${one.theirs || "空欄"}」、この画面の内容「${one.mine || "空欄"}」`)));
    const button = made("button", "btn btn--line btn--sm", different.length ? "どちらにするか選ぶ" : "入力した内容を見る");
    button.type = "button";
    button.addEventListener("click", () => this.form.requestSubmit());
    const actions = made("p", "notice__b");
    actions.append(button);
    banner.append(list, actions);
    return banner;
  }

  /** A form sent while its draft is still under way would meet its own version: it waits for the answer. */
  async submit(event) {
    clearTimeout(this.timer);
    if (!this.underWay) return;
    event.preventDefault();
    const { submitter } = event;
    await this.underWay;
    setTimeout(() => this.form.requestSubmit(submitter));
  }

  tell(state) {
    for (const place of document.querySelectorAll("[data-saved]")) place.textContent = state;
  }
}

document.querySelectorAll("form[data-autosave]").forEach((form) => new Autosave(form));
