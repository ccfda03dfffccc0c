import { draw } from "./dom.js";
import { clamp } from "./viewer/window.js";

const SMALLEST_MM = 5;
const WAIT_MS = 500;
const CORNERS = [[0, 0], [1, 0], [1, 1], [0, 1]];

/** The box of an expert on a slice: drawn, moved and resized by mouse or keys, unless `locked`. */
export class Box {
  /**
   * @param {Screen} screen @param {HTMLElement} handle what has the focus while keys move the box
   * @param {(slice: number, box: number[]|null) => void} save
   */
  constructor(screen, handle, save) {
    Object.assign(this, { screen, handle, save, boxes: new Map(), past: [] });
    this.rectangle = draw("rect", { class: "drawn" });
    this.corners = CORNERS.map(() => draw("rect", { class: "corner-handle" }));
    screen.over.append(this.rectangle, ...this.corners);
    screen.over.addEventListener("pointerdown", (event) => this.press(event));
    handle.addEventListener("keydown", (event) => this.key(event));
    handle.addEventListener("blur", () => this.flush());
  }

  /** @param {object} slice of the study's view */
  show(slice) {
    this.flush();
    this.slice = slice;
    this.draw();
  }

  get drawn() {
    return this.boxes.get(this.slice?.number) ?? null;
  }

  get proposal() {
    return this.slice?.proposal_mm ?? null;
  }

  draw() {
    const box = this.drawn ?? this.proposal;
    const parts = [this.rectangle, ...this.corners];
    for (const one of parts) one.classList.toggle("none", !box);
    this.rectangle.classList.toggle("proposal", !this.drawn);
    if (box) {
      const [x, y, width, height] = box;
      place(this.rectangle, x, y, width, height);
      const edge = 2.4;
      for (const [at, one] of this.corners.entries()) {
        const [right, down] = CORNERS[at];
        place(one, x + right * width - edge / 2, y + down * height - edge / 2, edge, edge);
      }
    }
    const state = this.drawn ? "" : this.proposal ? ", proposed" : "";
    this.handle.textContent = box
      ? `${box[2].toFixed(0)} × ${box[3].toFixed(0)} mm${state}`
      : "no box yet: draw it";
  }

  /** Take the proposal. @returns {boolean} whether there was one to take */
  accept() {
    if (this.drawn || !this.proposal) return Boolean(this.drawn);
    this.set(this.proposal);
    return true;
  }

  /** Set the box of this slice, and save it: at once, or when the keys come to rest. */
  set(box, soon = false) {
    const { number } = this.slice;
    if (!this.later) this.past.push({ slice: number, box: this.drawn });
    this.boxes.set(number, box && this.within(box));
    this.draw();
    clearTimeout(this.later);
    this.later = soon ? setTimeout(() => this.flush(), WAIT_MS) : null;
    if (!soon) this.save(number, this.boxes.get(number));
  }

  flush() {
    if (!this.later) return;
    clearTimeout(this.later);
    this.later = null;
    this.save(this.slice.number, this.drawn);
  }

  /** @returns {number|null} the slice on which the last step was taken back */
  undo() {
    this.flush();
    const step = this.past.pop();
    if (!step) return null;
    this.boxes.set(step.slice, step.box);
    this.save(step.slice, step.box);
    this.draw();
    return step.slice;
  }

  within([x, y, width, height]) {
    const { width_mm, height_mm } = this.slice;
    const [w, h] = [clamp(width, SMALLEST_MM, width_mm), clamp(height, SMALLEST_MM, height_mm)];
    return [clamp(x, 0, width_mm - w), clamp(y, 0, height_mm - h), w, h].map((one) => Math.round(one * 100) / 100);
  }

  key(event) {
    if (this.locked) return;
    const step = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key];
    const box = this.drawn ?? this.proposal;
    if (event.key === "Delete" || event.key === "Backspace") {
      event.preventDefault();
      if (this.drawn) this.set(null);
    } else if (step && box && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      const [x, y, width, height] = box;
      const [right, down] = step;
      this.set(
        event.shiftKey ? [x, y, width + right, height + down] : [x + right, y + down, width, height],
        true,
      );
    }
  }

  /** Move by the inside, resize by a corner, draw anew elsewhere; other buttons are the viewer's. */
  press(event) {
    if (this.locked || event.button || event.shiftKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    this.flush();
    const from = this.screen.place(event);
    const before = this.drawn ?? this.proposal;
    const corner = this.corners.indexOf(event.target);
    const inside = event.target === this.rectangle;
    const fixed = corner < 0 ? from : opposite(before, corner);
    let box = null;
    const move = (one) => {
      const to = this.screen.place(one);
      if (inside) box = [before[0] + to[0] - from[0], before[1] + to[1] - from[1], before[2], before[3]];
      else box = between(fixed, to);
      const kept = this.drawn;
      this.boxes.set(this.slice.number, this.within(box));
      this.draw();
      this.boxes.set(this.slice.number, kept);
    };
    const end = () => {
      this.screen.over.removeEventListener("pointermove", move);
      if (box && box[2] >= SMALLEST_MM && box[3] >= SMALLEST_MM) this.set(box);
      else this.draw();
    };
    this.screen.over.setPointerCapture(event.pointerId);
    this.screen.over.addEventListener("pointermove", move);
    this.screen.over.addEventListener("pointerup", end, { once: true });
    this.screen.over.addEventListener("pointercancel", end, { once: true });
  }
}

function place(one, x, y, width, height) {
  for (const [name, value] of Object.entries({ x, y, width, height })) one.setAttribute(name, value);
}

function opposite([x, y, width, height], corner) {
  const [right, down] = CORNERS[(corner + 2) % 4];
  return [x + right * width, y + down * height];
}

function between([x1, y1], [x2, y2]) {
  return [Math.min(x1, x2), Math.min(y1, y2), Math.abs(x2 - x1), Math.abs(y2 - y1)];
}
