const NOTHING = Object.freeze({ grade: null, reason: "" });

/** What a reader has said of each slice, and each step back. Every change goes to the outbox. */
export class Readings {
  /**
   * @param {object} given the server's answer: systems, view, readings, disagreements, proposals
   * @param {(slice: number, output: object, value: object) => void} save
   */
  constructor(given, save) {
    this.save = save;
    this.past = [];
    this.outputs = given.systems.flatMap((system) =>
      (system.per_side ? ["left", "right"] : [null]).map((side) => output(system, side)),
    );
    this.disputed = byPlace(given.disagreements);
    this.proposed = byPlace(given.proposals);
    this.said = byPlace(given.readings);
    this.judges = given.work.role === "adjudicator";
    const shown = [...given.view.slices, ...given.view.discs];
    this.units = new Map(shown.map((one) => [one.number, one.unit]));
    const numbers = [...this.units.keys()];
    this.numbers = this.judges ? numbers.filter((one) => this.of(one).length) : numbers;
  }

  /** @returns {object[]} what is graded of a slice or disc: for an adjudicator, what is in dispute */
  of(slice) {
    const own = this.outputs.filter((one) => one.unit === this.units.get(slice));
    if (!this.judges) return own;
    return own.filter((one) => this.disputed.has(place(slice, one.code, one.side)));
  }

  value(slice, { code, side }) {
    return this.said.get(place(slice, code, side)) ?? NOTHING;
  }

  has(slice, one) {
    const { grade, reason } = this.value(slice, one);
    return grade !== null || reason !== "";
  }

  proposal(slice, { code, side }) {
    return this.proposed.get(place(slice, code, side));
  }

  /** @returns {(number|null)[]|undefined} of reader A and B */
  grades(slice, { code, side }) {
    return this.disputed.get(place(slice, code, side))?.grades;
  }

  missing(slice) {
    return this.of(slice).filter((one) => !this.has(slice, one));
  }

  /** @returns {number|undefined} the first slice, from one on and round again, that lacks a grade */
  next(from = this.numbers[0]) {
    const at = Math.max(this.numbers.indexOf(from), 0);
    const around = [...this.numbers.slice(at), ...this.numbers.slice(0, at)];
    return around.find((one) => this.missing(one).length);
  }

  get count() {
    const of = this.numbers.reduce((sum, one) => sum + this.of(one).length, 0);
    const open = this.numbers.reduce((sum, one) => sum + this.missing(one).length, 0);
    return { done: of - open, of };
  }

  /** Say something of one output, or of several in one step that is undone together. */
  give(slice, values) {
    this.past.push({ slice, values: values.map(([one]) => [one, this.value(slice, one)]) });
    this.put(slice, values);
  }

  /** @returns {{slice: number, output: object}|null} where the last step was taken back */
  undo() {
    const step = this.past.pop();
    if (!step) return null;
    this.put(step.slice, step.values);
    return { slice: step.slice, output: step.values[0][0] };
  }

  /** Take over from the nearest graded slice what this one lacks. @returns {number|null} from where */
  copy(slice) {
    const at = this.numbers.indexOf(slice);
    const near = [this.numbers[at - 1], this.numbers[at + 1]].filter((one) => one !== undefined);
    for (const other of near) {
      const values = this.missing(slice)
        .filter((one) => this.of(other).includes(one) && this.has(other, one))
        .map((one) => [one, this.value(other, one)]);
      if (!values.length) continue;
      this.give(slice, values);
      return other;
    }
    return null;
  }

  put(slice, values) {
    for (const [one, value] of values) {
      this.said.set(place(slice, one.code, one.side), value);
      this.save(slice, one, value);
    }
  }

  /** Take over what was said before and is still on its way to the server. */
  pending({ slice, system, side, grade, reason }) {
    this.said.set(place(slice, system, side), { grade, reason });
  }
}

function output({ code, name, grades, drawn, unit }, side) {
  return {
    code, side, name, grades, drawn, unit,
    id: side ? `${code}_${side}` : code,
    title: side ? `${code} ${side}` : code,
  };
}

function byPlace(given) {
  return new Map((given ?? []).map((one) => [place(one.slice, one.system, one.side), one]));
}

function place(slice, system, side) {
  return `${slice} ${system} ${side ?? ""}`;
}
