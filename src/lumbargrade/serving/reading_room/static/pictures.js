import { make } from "./dom.js";
import { Pixels } from "./pixels.js";
import { Screen } from "./screen.js";
import { Spine, letters } from "./spine.js";
import { Camera } from "./viewer/camera.js";
import { Stack } from "./viewer/stack.js";
import { Window } from "./viewer/window.js";

const LIMITS = { brightness: [-100, 100], contrast: [20, 1000] };
const HOME_REGIONS = 1.6;

/**
 * The pictures of a study: one slice at a time, or one disc on the sagittal planes; the strip of all,
 * the sagittal picture beside it.
 */
export class Pictures {
  /**
   * @param {HTMLElement} root @param {object} view of the study @param {string} base of its addresses
   * @param {{numbers: number[], region: (slice: object) => number[], changed: (number: number) => void,
   *   failed: (text: string) => void}} study the slices to step through, where to look on each (x, y
   *   of the middle, edge; in mm), and who is told of a new slice or that one is not there
   */
  constructor(root, view, base, { numbers, region, changed, failed }) {
    Object.assign(this, { root, numbers, region, changed, failed, planes: view.planes, count: view.slices.length });
    const discs = view.discs.map((one) => ({ ...view.planes[one.plane - 1], ...one }));
    this.views = new Map([...view.slices, ...discs].map((one) => [one.number, one]));
    const slices = numbers.filter((one) => this.views.get(one).unit === "slice");
    const planes = discs.length ? view.planes.map((_, at) => `planes/${at + 1}`) : [];
    this.pixels = new Pixels(base, [...slices.map((one) => `pixels/${one}`), ...planes]);
    this.frame = root.querySelector(".slices .frame");
    this.screen = new Screen(this.frame.querySelector("canvas"), this.frame.querySelector("svg"));
    if (view.sagittal) this.beside(view.sagittal);
    this.strip = root.querySelector(".strip");
    this.strip.append(...numbers.map((number) => this.tab(number)));
    this.look();
  }

  beside(view) {
    const figure = this.root.querySelector(".sagittal");
    this.spine = new Spine(figure, view, (number) => this.stack.goTo(number));
    this.pixels.sagittal().then((pixels) => this.spine.screen.show(view, pixels), () => null);
  }

  /** Stack, camera and window are those of the page of a study. */
  look() {
    this.stack = new Stack(this.strip.children, (tab) => this.show(Number(tab.dataset.number)));
    this.camera = new Camera(this.strip.children, (tab, part) => {
      if (tab === this.stack.current) this.screen.part(part);
    });
    this.grey = new Window((slope, intercept) => {
      this.screen.window(slope, intercept);
      this.spine?.screen.window(slope, intercept);
      this.range();
    }, LIMITS);
  }

  tab(number) {
    const view = this.views.get(number);
    const [x, y, region] = this.region(view);
    return make("button", {
      type: "button", tabindex: -1, class: view.unit, text: view.unit === "disc" ? view.level : number,
      on: () => this.stack.goTo(number),
      "data-number": number, "data-level": view.unit === "disc" ? `disc ${view.level}` : view.level ?? "", "data-x": x, "data-y": y,
      "data-width": view.width_mm, "data-height": view.height_mm, "data-region": region,
      "data-zoom": Math.max(1, Math.min(view.width_mm, view.height_mm) / (HOME_REGIONS * region)),
    });
  }

  show(number) {
    this.number = number;
    const view = this.views.get(number);
    this.plane = view.plane;
    this.paint(view, view.unit === "disc" ? `planes/${view.plane}` : `pixels/${number}`);
    this.root.querySelector("[data-level-told]").textContent = view.level ?? "level not known";
    this.spine?.show(view);
    const tab = this.stack.current;
    this.strip.scrollLeft = tab.offsetLeft - this.strip.clientWidth / 2;
    this.changed(number);
  }

  /** @returns {string} what is stepped through */
  get things() {
    const units = [...new Set(this.numbers.map((one) => this.views.get(one).unit))].sort().reverse();
    return units.map((one) => `${one}s`).join(" and ") || "slices";
  }

  /** One step of the wheel: to the next slice; of a disc, to the next sagittal plane. */
  roll(by) {
    const view = this.views.get(this.number);
    if (view?.unit !== "disc") return this.stack.step(by);
    const next = Math.min(Math.max(this.plane + by, 1), this.planes.length);
    if (next === this.plane) return;
    this.plane = next;
    this.paint({ ...view, ...this.planes[next - 1] }, `planes/${next}`);
  }

  /** Show a picture, at once if its pixels are here. */
  paint(view, name) {
    const began = performance.now();
    this.picture = name;
    const pixels = this.pixels.get(name);
    this.screen.show(view, pixels);
    this.screen.part(this.camera.part(this.stack.current));
    this.frame.classList.toggle("waiting", !pixels);
    if (pixels) this.shown(view.number, began);
    else this.pixels.load(name).then((late) => this.arrived(view, name, late, began), (error) => this.failed(error.message));
    this.pixels.prefetch(name);
    letters(this.frame, view.letters);
    this.root.querySelector("[data-slice]").textContent = view.unit === "disc"
      ? `sagittal slice ${this.plane} of ${this.planes.length}`
      : `slice ${view.number} of ${this.count}`;
    this.range();
  }

  arrived(view, name, pixels, began) {
    if (name !== this.picture) return;
    this.frame.classList.remove("waiting");
    this.screen.show(view, pixels);
    this.shown(view.number, began);
  }

  /** Measure how long a slice took, until the browser had the chance to paint it. */
  shown(number, start) {
    requestAnimationFrame(() => {
      performance.clearMeasures("slice");
      performance.measure("slice", { start, detail: { number } });
    });
  }

  range() {
    if (!this.number) return;
    const [black, white] = this.screen.range;
    this.root.querySelector("[data-window-told]").textContent =
      `L ${Math.round((black + white) / 2)}  W ${Math.round(white - black)}`;
  }

  /** Mark on the strip what is done: `missing` of `of` things on each slice. */
  mark(count) {
    for (const tab of this.strip.children) {
      const number = Number(tab.dataset.number);
      const { missing, of } = count(number);
      const some = missing > 0 && missing < of;
      tab.classList.toggle("done", !missing);
      tab.classList.toggle("some", some);
      const state = missing ? (some ? "in part" : "open") : "done";
      const { unit, level } = this.views.get(number);
      const name = unit === "disc" ? `disc ${level}` : `slice ${number}, ${level ?? "level not known"}`;
      tab.setAttribute("aria-label", `${name}, ${state}`);
    }
  }
}
