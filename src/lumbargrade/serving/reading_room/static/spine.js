import { draw, make } from "./dom.js";
import { Screen } from "./screen.js";

/** The sagittal picture: discs by name, slices as lines of which one is here. */
export class Spine {
  /**
   * @param {HTMLElement} figure @param {object} view of the study's sagittal picture
   * @param {(number: number) => void} chosen a slice by its line
   */
  constructor(figure, view, chosen) {
    this.figure = figure;
    const [x, y, width, height] = view.view_box;
    const frame = figure.querySelector(".frame");
    frame.style.aspectRatio = `${width} / ${height}`;
    this.over = frame.querySelector("svg");
    this.screen = new Screen(frame.querySelector("canvas"), this.over);
    this.discs = new Map();
    for (const disc of view.discs.filter((one) => one.level)) {
      const corners = disc.corners_mm.map((one) => one.join(",")).join(" ");
      const shape = draw("polygon", { class: "disc", points: corners });
      this.discs.set(disc.level, shape);
      this.over.append(shape);
      const left = Math.min(...disc.corners_mm.map((one) => one[0]));
      const middle = disc.corners_mm.reduce((sum, one) => sum + one[1], 0) / disc.corners_mm.length;
      const tag = make("span", { class: "tag", text: disc.level });
      tag.style.left = `${(100 * (left - x)) / width}%`;
      tag.style.top = `${(100 * (middle - y)) / height}%`;
      frame.append(tag);
    }
    this.lines = view.lines.map((line) => this.line(line, chosen));
    letters(frame, view.letters);
    this.screen.show(view);
    this.screen.part(view.view_box);
    figure.hidden = false;
  }

  line({ number, x1, y1, x2, y2 }, chosen) {
    const ends = { x1, y1, x2, y2 };
    const line = draw(
      "g",
      { class: "cut", "data-number": number, on: () => chosen(number) },
      draw("title", { text: `slice ${number}` }),
      draw("line", { class: "hit", ...ends }),
      draw("line", { class: "line", ...ends }),
    );
    this.over.append(line);
    return line;
  }

  /** @param {{number: number, unit: string, level: string}} view of the slice or disc that is read */
  show({ number, unit, level }) {
    for (const [name, shape] of this.discs) shape.classList.toggle("here", unit === "disc" && name === level);
    for (const one of this.lines) {
      const here = one.dataset.number === String(number);
      one.classList.toggle("here", here);
      if (here) this.over.append(one);
    }
  }
}

/** Say at the edges of a frame what lies there: letters are top, right, bottom, left. */
export function letters(frame, given) {
  for (const [index, place] of ["top", "right", "bottom", "left"].entries()) {
    const letter = frame.querySelector(`.letter.${place}`) ?? make("b", { class: `letter ${place}` });
    letter.textContent = given[index];
    frame.append(letter);
  }
}
