import { make } from "./dom.js";
import { show } from "./drawings.js";

/** What is graded on the slice, with the grade of each, and the definitions of the one that is active. */
export class Panel {
  /**
   * @param {HTMLElement} root @param {Readings} readings
   * @param {{grade: (grade: number) => void}} does
   */
  constructor(root, readings, does) {
    Object.assign(this, { readings, does });
    this.rows = root.querySelector("[data-outputs]");
    this.cards = root.querySelector("[data-grades]");
    this.title = root.querySelector("[data-system]");
    this.guide = root.querySelector("[data-guide]");
    this.outputs = [];
  }

  /** Show a slice; the active output stays the same where the slice has it. */
  show(slice) {
    this.slice = slice;
    const outputs = this.readings.of(slice);
    if (outputs.length !== this.outputs.length || outputs.some((one, at) => one !== this.outputs[at])) {
      this.outputs = outputs;
      const focused = this.rows.contains(document.activeElement);
      this.rows.replaceChildren(...outputs.map((one) => this.row(one)));
      this.activate(outputs.includes(this.active) ? this.active : outputs[0], focused);
    }
    this.refresh();
  }

  row(one) {
    const row = make(
      "button",
      { type: "button", class: "output", "data-output": one.id },
      make("span", { class: "code", text: one.title }),
      make("span", { class: "given" }),
      make("span", { class: "others" }),
    );
    row.addEventListener("focus", () => this.activate(one));
    row.addEventListener("click", () => this.activate(one));
    return row;
  }

  activate(one, focus = false) {
    if (!one) return;
    const before = this.active;
    this.active = one;
    for (const row of this.rows.children) {
      const here = row.dataset.output === one.id;
      row.classList.toggle("active", here);
      if (here) row.setAttribute("aria-current", "true");
      else row.removeAttribute("aria-current");
      if (here && focus) row.focus({ preventScroll: true });
    }
    if (before !== one) this.define(one);
    this.refresh();
  }

  /** Lay out the wording and the drawing of each grade. */
  define(one) {
    this.title.textContent = one.side ? `${one.name}, ${one.side}` : one.name;
    this.guide.href = `/guide/${encodeURIComponent(one.code)}`;
    this.cards.replaceChildren(...one.grades.map((grade) => this.card(one, grade)));
    this.cards.classList.toggle("many", one.grades.length > 5);
  }

  card(one, grade) {
    const side = one.side ? `?side=${one.side}` : "";
    const picture = one.drawn && make("img", { alt: "", width: 104, height: 71 });
    if (picture) show(picture, `/guide/${encodeURIComponent(one.code)}/${grade.value}.svg${side}`);
    return make(
      "button",
      {
        type: "button", class: "grade", tabindex: -1, "data-grade": grade.value,
        on: () => this.does.grade(grade.value),
      },
      ...(picture ? [picture] : []),
      make(
        "span",
        { class: "words" },
        make("b", {}, make("kbd", { text: grade.key }), grade.name === grade.key ? "" : ` ${grade.name}`),
        make("span", { class: "wording", text: grade.help }),
      ),
    );
  }

  /** Show what has been said so far. */
  refresh() {
    if (!this.slice) return;
    for (const [at, row] of [...this.rows.children].entries()) {
      const one = this.outputs[at];
      const { grade, reason } = this.readings.value(this.slice, one);
      const said = one.grades.find(({ value }) => value === grade);
      const name = said && said.name !== said.key ? said.name : "";
      const given = row.querySelector(".given");
      const text = said ? name : reason ? `cannot be graded: ${reason}` : "not graded";
      given.replaceChildren(
        ...(said ? [make("b", { class: "number", text: said.key })] : []),
        make("span", { text }),
      );
      row.classList.toggle("done", grade !== null || reason !== "");
      row.querySelector(".others").textContent = this.others(one);
    }
    const said = this.active && this.readings.value(this.slice, this.active).grade;
    const proposed = this.active && this.readings.proposal(this.slice, this.active)?.grade;
    for (const card of this.cards.children) {
      card.setAttribute("aria-pressed", String(said) === card.dataset.grade);
      card.classList.toggle("proposed", String(proposed) === card.dataset.grade);
    }
  }

  /** What others said: two readers, to an adjudicator; the model, in its arm. */
  others(one) {
    const grades = this.readings.grades(this.slice, one);
    const key = (grade) => one.grades.find(({ value }) => value === grade)?.key ?? "–";
    if (grades) return grades.map((grade, at) => `${"AB"[at] ?? at + 1}: ${key(grade)}`).join("  ");
    const proposal = this.readings.proposal(this.slice, one);
    if (!proposal) return "";
    const sure = proposal.percent === undefined ? "" : ` (${Math.round(proposal.percent)} %)`;
    return `model: ${key(proposal.grade)}${sure}`;
  }

  /** @returns {object|null} the output after the active one */
  after() {
    return this.outputs[this.outputs.indexOf(this.active) + 1] ?? null;
  }
}
