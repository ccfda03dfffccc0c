import { make } from "./dom.js";

const REASONS = [
  "no disc in the plane of this slice",
  "motion or flow artefact",
  "metal artefact",
  "not in the picture, or cut off",
  "picture quality too poor",
  "post-operative change",
];

/** Ask why an output cannot be graded: a small list, or the reader's own words. */
export class Reasons {
  /** @param {HTMLDialogElement} dialog */
  constructor(dialog) {
    this.dialog = dialog;
    this.form = dialog.querySelector("form");
    this.own = dialog.querySelector("[name=own]");
    dialog.querySelector("[data-reasons]").append(...REASONS.map((text, at) => choice(text, at)));
    this.own.addEventListener("input", () => this.choose("own"));
    this.form.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("submit", (event) => this.submitted(event));
    // It comes late: by then the reader may have opened the dialog for the next output.
    dialog.addEventListener("close", () => this.dialog.open || this.settle(""));
  }

  /** @param {string} title @returns {Promise<string>} the reason; empty: nothing is to change */
  ask(title) {
    this.dialog.querySelector("[data-what]").textContent = title;
    this.form.reset();
    this.dialog.showModal();
    this.form.querySelector("input").focus();
    return new Promise((answer) => (this.answer = answer));
  }

  /** The answer is taken here and not when the dialog has closed, or a quick X would lose it. */
  submitted(event) {
    event.preventDefault();
    const chosen = new FormData(this.form).get("reason");
    const reason = chosen === "own" ? this.own.value.trim() : chosen;
    this.dialog.close();
    this.settle(event.submitter?.value === "ok" ? (reason ?? "") : "");
  }

  settle(reason) {
    this.answer?.(reason);
    this.answer = null;
  }

  key(event) {
    if (event.target === this.own || event.ctrlKey || event.metaKey || event.altKey) return;
    const number = Number(event.key);
    if (!(number >= 1 && number <= REASONS.length + 1)) return;
    event.preventDefault();
    if (number > REASONS.length) this.own.focus();
    this.choose(REASONS[number - 1] ?? "own");
  }

  choose(value) {
    const chosen = [...this.form.elements.reason].find((one) => one.value === value);
    chosen.checked = true;
    if (value !== "own") chosen.focus();
  }
}

function choice(text, at) {
  const attributes = { type: "radio", name: "reason", value: text, required: true };
  return make("label", {}, make("input", attributes), make("kbd", { text: at + 1 }), ` ${text}`);
}
