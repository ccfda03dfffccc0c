const WHEEL_STEP = 40;

/** Key -> action; with Shift where it says so, else with and without. */
export const KEYS = {
  ArrowUp: "previous", ArrowDown: "next", PageUp: "up", PageDown: "down",
  "+": "in", "=": "in", "-": "out", r: "region", o: "outlines", 0: "reset",
  b: "brighter", c: "more", "Shift+b": "darker", "Shift+c": "less",
};

const TYPED = "input[type=range], input[type=text], textarea, select";

/** Wheel, drag, keys and buttons of a viewer. */
export class Controls {
  /**
   * @param {{root: HTMLElement, stack: Stack, camera: Camera, grey: Window}} viewer
   * @param {{actions?: Object<string, () => void>, keys?: Object<string, string>}} more of a page
   *   that does more than to look: they come before the viewer's own
   */
  constructor({ root, stack, camera, grey }, { actions = {}, keys = {} } = {}) {
    Object.assign(this, { root, stack, camera, grey, rolled: 0 });
    this.keys = { ...KEYS, ...keys };
    this.actions = {
      previous: () => stack.step(-1),
      next: () => stack.step(1),
      rollUp: () => stack.step(-1),
      rollDown: () => stack.step(1),
      up: () => stack.level(-1),
      down: () => stack.level(1),
      in: () => camera.magnify(1.25),
      out: () => camera.magnify(0.8),
      region: () => camera.region(),
      outlines: () => root.querySelector("#show-outlines")?.click(),
      reset: () => (camera.home(), grey.reset()),
      brighter: () => grey.change({ brightness: 4 }),
      darker: () => grey.change({ brightness: -4 }),
      more: () => grey.change({ contrast: 10 }),
      less: () => grey.change({ contrast: -10 }),
      ...actions,
    };
    this.sliders = [...root.querySelectorAll("[data-window]")];
    this.listen();
  }

  listen() {
    for (const frame of this.root.querySelectorAll(".slices .frame")) {
      frame.addEventListener("wheel", (event) => this.wheel(event), { passive: false });
      frame.addEventListener("pointerdown", (event) => this.drag(event, frame));
      frame.addEventListener("contextmenu", (event) => event.preventDefault());
    }
    for (const button of this.root.querySelectorAll("[data-do]")) {
      button.addEventListener("click", () => this.act(button.dataset.do));
    }
    for (const slider of this.sliders) {
      slider.addEventListener("input", () => {
        this.grey[slider.dataset.window] = Number(slider.value);
        this.grey.apply();
      });
    }
    document.addEventListener("keydown", (event) => this.key(event));
  }

  act(name) {
    this.actions[name]();
    for (const slider of this.sliders) slider.value = this.grey[slider.dataset.window];
  }

  wheel(event) {
    event.preventDefault();
    if (event.ctrlKey) return this.act(event.deltaY < 0 ? "in" : "out");
    // A wheel tells lines or pixels, a touchpad many small steps.
    this.rolled += event.deltaMode ? event.deltaY * WHEEL_STEP : event.deltaY;
    const steps = Math.trunc(this.rolled / WHEEL_STEP);
    this.rolled -= steps * WHEEL_STEP;
    if (steps) this.act(steps < 0 ? "rollUp" : "rollDown");
  }

  drag(event, frame) {
    if (event.pointerType === "touch") return;
    event.preventDefault();
    this.stack.current?.focus({ preventScroll: true });
    const windowed = event.shiftKey || event.button === 2;
    const { width, height } = frame.getBoundingClientRect();
    const move = (one) => {
      if (windowed) this.grey.change({ contrast: one.movementX / 2, brightness: -one.movementY / 4 });
      else this.camera.move(one.movementX / width, one.movementY / height);
    };
    frame.setPointerCapture(event.pointerId);
    frame.addEventListener("pointermove", move);
    const end = () => frame.removeEventListener("pointermove", move);
    frame.addEventListener("pointerup", end, { once: true });
    frame.addEventListener("pointercancel", end, { once: true });
  }

  key(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    const inside = this.root.contains(document.activeElement) || this.root.matches(":hover");
    if (!inside || document.activeElement?.matches(TYPED)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = (event.shiftKey && this.keys[`Shift+${key}`]) || this.keys[key];
    if (!name) return;
    event.preventDefault();
    this.act(name);
  }
}
