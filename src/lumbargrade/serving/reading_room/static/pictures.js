import { make } from "./dom.js";
import { Pixels } from "./pixels.js";
import { Screen } from "./screen.js";
import { Spine, letters } from "./spine.js";
import { Camera } from "./viewer/camera.js";
import { Stack } from "./viewer/stack.js";
import { Window } from "./viewer/window.js";

const LIMITS = { brightness: [-100, 100], contrast: [20, 1000] };
const HOME_REGIONS = 1.6;

/** The pictures of a study: one slice at a time, the strip of all, the sagittal picture beside it. */
export class Pictures {
  /**
   * @param {HTMLElement} root @param {object} view of the study @param {string} base of its addresses
   * @param {{numbers: number[], region: (slice: object) => number[], changed: (number: number) => void,
   *   failed: (text: string) => void}} study the slices to step through, where to look on each (x, y
   *   of the middle, edge; in mm), and who is told of a new slice or that one is not there
   */
  constructor(root, view, base, { numbers, region, changed, failed }) {
    Object.assign(this, { root, numbers, region, changed, failed });
    this.views = new Map(view.slices.map((one) => [one.number, one]));
    this.pixels = new Pixels(base, numbers);
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
      type: "button", tabindex: -1, text: number, on: () => this.stack.goTo(number),
      "data-number": number, "data-level": view.level ?? "", "data-x": x, "data-y": y,
      "data-width": view.width_mm, "data-height": view.height_mm, "data-region": region,
      "data-zoom": Math.max(1, Math.min(view.width_mm, view.height_mm) / (HOME_REGIONS * region)),
    });
  }

  show(number) {
    const began = performance.now();
    this.number = number;
    const view = this.views.get(number);
    const pixels = this.pixels.get(number);
    this.screen.show(view, pixels);
    this.screen.part(this.camera.part(this.stack.current));
    this.frame.classList.toggle("waiting", !pixels);
    if (pixels) this.shown(number, began);
    else this.pixels.load(number).then((late) => this.arrived(number, late, began), (error) => this.failed(error.message));
    this.pixels.prefetch(number);
    letters(this.frame, view.letters);
    this.root.querySelector("[data-level-told]").textContent = view.level ?? "level not known";
    this.root.querySelector("[data-slice]").textContent = `slice ${number} of ${this.views.size}`;
    this.spine?.show(number);
    this.range();
    const tab = this.stack.current;
    this.strip.scrollLeft = tab.offsetLeft - this.strip.clientWidth / 2;
    this.changed(number);
  }

  arrived(number, pixels, began) {
    if (number !== this.number) return;
    this.frame.classList.remove("waiting");
    this.screen.show(this.views.get(number), pixels);
    this.shown(number, began);
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
      tab.setAttribute("aria-label", `slice ${number}, ${tab.dataset.level || "level not known"}, ${state}`);
    }
  }
}
