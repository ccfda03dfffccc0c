/** Brightness and contrast of all pictures, as one linear map of grey in an SVG filter. */
export class Window {
  /** @param {Element} filter whose feFunc elements are set */
  constructor(filter) {
    this.functions = [...filter.querySelectorAll("feFuncR, feFuncG, feFuncB")];
    this.reset();
  }

  reset() {
    this.brightness = 0;
    this.contrast = 100;
    this.apply();
  }

  /** @param {{brightness?: number, contrast?: number}} by steps in percent */
  change(by) {
    this.brightness = clamp(this.brightness + (by.brightness ?? 0), -60, 60);
    this.contrast = clamp(this.contrast + (by.contrast ?? 0), 30, 300);
    this.apply();
  }

  apply() {
    const slope = this.contrast / 100;
    const intercept = 0.5 - 0.5 * slope + this.brightness / 100;
    for (const one of this.functions) {
      one.setAttribute("slope", slope);
      one.setAttribute("intercept", intercept);
    }
  }
}

export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
