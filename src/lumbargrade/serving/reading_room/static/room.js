import { Api } from "./api.js";
import { Box } from "./box.js";
import { Clock } from "./clock.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Pictures } from "./pictures.js";
import { Readings } from "./readings.js";
import { Reasons } from "./reasons.js";
import { Controls } from "./viewer/controls.js";

const KEYS = {
  Enter: "accept", x: "reason", v: "copy", z: "undo", f: "finish", e: "edit", "?": "help", Home: "reset",
  Delete: "clear", ArrowLeft: "rollUp", ArrowRight: "rollDown",
};
const ONCE = /^([0-9efvxz?]|Enter|Delete)$/;
const OWN_KEYS = "button:not([data-output]), a, summary, input, textarea, dialog *";

/** The desk of one reader and one study: pictures on the left, what is said of them on the right. */
class Desk {
  constructor(root, given, api) {
    Object.assign(this, { root, given, api, expert: given.work.role === "expert" });
    const { person } = root.dataset;
    this.closed = Boolean(given.work.finished);
    root.querySelector("h1").textContent = given.work.name;
    this.clock = new Clock();
    this.outbox = new Outbox(person, api, (state) => this.saving(state));
    this.readings = new Readings(given, (...change) => this.saveReading(...change));
    this.numbers = this.expert ? given.view.slices.map((one) => one.number) : this.readings.numbers;
    this.reasons = new Reasons(root.querySelector("#reasons"));
    this.takeOver();
    this.pictures = new Pictures(root, given.view, api.base, {
      numbers: this.numbers,
      region: (slice) => this.region(slice),
      changed: (number) => this.show(number),
      failed: (text) => this.say(text),
    });
    this.stack = this.pictures.stack;
    this.equip();
    this.control();
    this.start();
  }

  /** What waits in this browser is newer than what the server knows. */
  takeOver() {
    this.boxes = new Map((this.given.boxes ?? []).map((one) => [one.slice, one.box]));
    for (const name of this.outbox.waiting) {
      const { path, body } = this.outbox.read(name) ?? {};
      if (path === `${this.api.base}/readings`) this.readings.pending(body);
      if (path === `${this.api.base}/boxes`) this.boxes.set(body.slice, body.box);
    }
  }

  equip() {
    const { root } = this;
    root.querySelector("[data-expert]").hidden = !this.expert;
    root.querySelector("[data-grader]").hidden = this.expert;
    if (this.expert) {
      this.box = new Box(this.pictures.screen, root.querySelector("[data-box]"), (...change) => this.saveBox(...change));
      this.box.locked = this.closed;
      for (const [slice, box] of this.boxes) this.box.boxes.set(slice, box);
    } else {
      this.panel = new Panel(root.querySelector("[data-grader]"), this.readings, {
        grade: (grade) => this.grade(grade),
      });
    }
  }

  control() {
    document.addEventListener("keydown", (event) => this.before(event));
    const grades = Array.from({ length: 10 }, (_, grade) => [String(grade), `grade${grade}`]);
    this.controls = new Controls({ root: this.root, ...this.pictures }, {
      keys: { ...KEYS, ...(this.expert ? {} : Object.fromEntries(grades)) },
      actions: {
        ...Object.fromEntries(grades.map(([key, name]) => [name, () => this.key(key)])),
        accept: () => this.accept(),
        reason: () => this.cannot(),
        copy: () => this.copy(),
        undo: () => this.undo(),
        clear: () => this.clear(),
        finish: () => this.finish(),
        edit: () => this.expert && this.root.querySelector("[data-box]").focus(),
        help: () => this.root.querySelector("#help").showModal(),
        retry: () => this.outbox.retry(),
        discard: () => this.discard(),
        rollUp: () => this.pictures.roll(-1),
        rollDown: () => this.pictures.roll(1),
      },
    });
  }

  start() {
    addEventListener("pagehide", () => this.leave());
    addEventListener("visibilitychange", () => document.hidden && this.leave());
    this.marks();
    const first = this.expert ? this.numbers.find((one) => !this.box.boxes.get(one)) : this.readings.next();
    this.stack.goTo(first ?? this.numbers[0]);
    this.panel?.activate(this.readings.missing(this.number)[0] ?? this.panel.outputs[0], true);
    this.outbox.run();
    const { doubts } = this.given.view;
    if (doubts.length) this.say(doubts.join(" "));
    if (!this.numbers.length) this.say(`There is nothing to read in this study. ${doubts.join(" ")}`);
    if (this.closed) this.say("This reading is finished: it can be looked at and no longer changed.");
  }

  /** Where to look: for those who grade, the expert's box, if one was drawn. */
  region(view) {
    const box = this.expert ? null : this.boxes.get(view.number);
    if (!box) return view.region_mm;
    const [x, y, width, height] = box;
    return [x + width / 2, y + height / 2, Math.max(width, height)];
  }

  show(number) {
    if (this.number) this.sendTime(this.number);
    this.number = number;
    this.clock.enter(number);
    this.panel?.show(number);
    this.box?.show(this.pictures.views.get(number));
  }

  /** A key that a button or a dialog needs itself is theirs; a key that repeats grades once. */
  before(event) {
    if (document.querySelector("dialog[open]")) return event.stopImmediatePropagation();
    const own = ["Enter", " "].includes(event.key) && document.activeElement?.matches(OWN_KEYS);
    const again = event.repeat && ONCE.test(event.key);
    if (again) event.preventDefault();
    if (own || again) event.stopImmediatePropagation();
  }

  // --- what is said -----------------------------------------------------------------------------

  /** A key is a grade as people write it: Pfirrmann's begin at 1. */
  key(key) {
    const one = this.panel?.active;
    if (!one) return;
    const grade = one.grades.find((each) => each.key === key);
    if (grade) return this.grade(grade.value);
    this.say(`${one.title} has grades ${one.grades[0].key} to ${one.grades.at(-1).key}.`);
  }

  grade(grade) {
    const one = this.panel?.active;
    if (one && !this.shut()) this.give(one, { grade, reason: "" });
  }

  give(one, value) {
    const open = this.readings.missing(this.number);
    const { number } = this;
    this.readings.give(number, [[one, value]]);
    const said = one.grades.find((grade) => grade.value === value.grade);
    const text = said ? [...new Set([said.key, said.name])].join(" ") : `cannot be graded: ${value.reason}`;
    this.marks();
    this.say(`${this.named(number)}, ${one.title}: ${text}`);
    this.onward(open.length > 0);
  }

  /** To what comes next: on this slice, then on the next slice that lacks a grade. */
  onward(leave = true) {
    const { panel, readings, number } = this;
    const missing = readings.missing(number);
    const after = panel.outputs.slice(panel.outputs.indexOf(panel.active) + 1);
    const next = after.find((one) => missing.includes(one)) ?? missing[0];
    if (next) return panel.activate(next, true);
    if (!leave) return panel.after() && panel.activate(panel.after(), true);
    const slice = readings.next(number);
    if (slice === undefined) return this.complete();
    this.stack.goTo(slice);
    panel.activate(readings.missing(slice)[0], true);
  }

  /** Enter: the proposal, where there is one to accept; else on to the next output or slice. */
  accept() {
    if (this.expert) return this.acceptBox();
    const { panel, readings, number } = this;
    const one = panel.active;
    const proposal = one && readings.proposal(number, one);
    if (proposal && !readings.has(number, one)) return this.grade(proposal.grade);
    const next = panel.after();
    if (next) return panel.activate(next, true);
    this.stack.step(1);
    panel.activate(panel.outputs[0], true);
  }

  acceptBox() {
    if (this.shut()) return;
    if (!this.box.accept()) return this.say("There is no proposal on this slice: draw the box.");
    this.marks();
    const at = this.numbers.indexOf(this.number);
    const around = [...this.numbers.slice(at), ...this.numbers.slice(0, at)];
    const next = around.find((one) => !this.box.boxes.get(one));
    if (next === undefined) this.complete();
    else this.stack.goTo(next);
  }

  async cannot() {
    const one = this.panel?.active;
    if (!one || this.shut()) return;
    const reason = await this.reasons.ask(`${one.title}, ${this.named(this.number).toLowerCase()}`);
    this.panel.activate(one, true);
    if (reason) this.give(one, { grade: null, reason });
  }

  copy() {
    if (!this.panel || this.shut()) return;
    const from = this.readings.copy(this.number);
    this.say(from === null ? "Nothing to copy: no neighbour has a grade that is missing here." : `Copied from ${this.named(from).toLowerCase()}.`);
    this.marks();
    if (from !== null) this.panel.refresh();
  }

  clear() {
    if (this.expert && this.box.drawn && !this.shut()) return this.box.set(null);
    const one = this.panel?.active;
    if (!one || this.shut() || !this.readings.has(this.number, one)) return;
    this.readings.give(this.number, [[one, { grade: null, reason: "" }]]);
    this.marks();
    this.say(`${one.title}: taken back.`);
  }

  undo() {
    if (this.shut()) return;
    if (this.expert) {
      const slice = this.box.undo();
      if (slice) this.stack.goTo(slice);
      this.marks();
      return this.say(slice ? `${this.named(slice)}: taken back.` : "There is nothing to undo.");
    }
    const step = this.readings.undo();
    if (!step) return this.say("There is nothing to undo since this page was opened.");
    this.stack.goTo(step.slice);
    this.panel.show(step.slice);
    this.panel.activate(step.output, true);
    this.marks();
    this.say(`${this.named(step.slice)}, ${step.output.title}: taken back.`);
  }

  /** What a slice or disc is called. */
  named(number) {
    const { unit, level } = this.pictures.views.get(number);
    return unit === "disc" ? `Disc ${level}` : `Slice ${number}`;
  }

  complete() {
    this.marks();
    this.say("All is said. Enter finishes this study; until then everything can be changed.");
    this.root.querySelector("[data-do=finish]").focus();
  }

  async finish() {
    if (this.closed) return location.assign("/work");
    this.box?.flush();
    await this.sendTime(this.number);
    if (!(await this.outbox.settled())) return this.say("Not finished: some changes are not saved yet.");
    const { status, body } = await this.api.send("POST", `${this.api.base}/finish`, {});
    if (status === 200) {
      this.closed = true; // What comes after the end is refused: send no time while the page goes.
      return location.assign("/work");
    }
    const first = body?.missing?.[0];
    if (!first) return this.say(`Not finished: the server answers ${status || "nothing"}.`);
    this.stack.goTo(first.slice);
    const one = this.panel?.outputs.find((own) => own.code === first.system && (own.side ?? "") === (first.side ?? ""));
    if (one) this.panel.activate(one, true);
    this.say(`Not finished: ${body.missing.length} still missing, the first one here.`);
  }

  shut() {
    if (this.closed) this.say("This reading is finished and can no longer be changed.");
    return this.closed;
  }

  // --- what is kept -----------------------------------------------------------------------------

  saveReading(slice, { code, side }, { grade, reason }) {
    const seconds = this.clock.take(slice);
    this.outbox.put(`${this.api.base}/readings`, { slice, system: code, side, grade, reason, seconds });
  }

  saveBox(slice, box) {
    this.outbox.put(`${this.api.base}/boxes`, { slice, box, seconds: this.clock.take(slice) });
    this.marks();
  }

  async sendTime(slice) {
    const seconds = this.clock.take(slice);
    if (seconds >= 0.1 && !this.closed) await this.api.send("PUT", `${this.api.base}/time`, { slice, seconds });
  }

  leave() {
    this.box?.flush();
    if (this.number) this.sendTime(this.number);
  }

  saving({ name, waiting, why, refused }) {
    const told = this.root.querySelector("[data-save]");
    told.className = `save ${name}`;
    told.querySelector("span").textContent = {
      saved: "Saved",
      saving: waiting > 1 ? `Saving ${waiting}…` : "Saving…",
      failed: `NOT SAVED (${waiting}): ${why}`,
    }[name];
    told.querySelector("[data-do=retry]").hidden = name !== "failed";
    told.querySelector("[data-do=discard]").hidden = !refused;
  }

  discard() {
    if (confirm("Give up the changes that the server refuses? They are not part of the readings.")) {
      this.outbox.discard();
    }
  }

  // --- what is told -----------------------------------------------------------------------------

  /** Mark what is done, on the strip and in the count. */
  marks() {
    const missing = (number) =>
      this.expert ? Number(!this.box.boxes.get(number)) : this.readings.missing(number).length;
    this.pictures.mark((number) => ({
      missing: missing(number),
      of: this.expert ? 1 : this.readings.of(number).length,
    }));
    const of = this.numbers.length;
    const done = this.numbers.filter((number) => !missing(number)).length;
    this.root.querySelector("[data-progress]").textContent = `${done} of ${of} ${this.pictures.things}`;
    const bar = this.root.querySelector("progress");
    const count = this.expert ? { done, of } : this.readings.count;
    bar.max = Math.max(count.of, 1);
    bar.value = count.done;
    this.panel?.refresh();
  }

  say(text) {
    this.root.querySelector("[data-told]").textContent = text;
  }
}

async function open(root) {
  const api = new Api(root.dataset.work, root.dataset.csrf);
  try {
    return new Desk(root, await api.load(), api);
  } catch (error) {
    root.querySelector("[data-told]").textContent = `This study cannot be opened: ${error.message}`;
    root.classList.add("broken");
    return null;
  }
}

open(document.body);
