const LIMITS = { brightness: [-60, 60], contrast: [30, 300] };

/** Brightness and contrast of all pictures, as one linear map of grey. */
export class Window {
  /**
   * @param {(slope: number, intercept: number) => void} show grey 0 to 1 -> slope * grey + intercept
   * @param {{brightness: number[], contrast: number[]}} limits least and most, in percent
   */
  constructor(show, limits = LIMITS) {
    Object.assign(this, { show, limits });
    this.reset();
  }

  reset() {
    this.brightness = 0;
    this.contrast = 100;
    this.apply();
  }

  /** @param {{brightness?: number, contrast?: number}} by steps in percent */
  change(by) {
    for (const [name, step] of Object.entries(by)) {
      this[name] = clamp(this[name] + step, ...this.limits[name]);
    }
    this.apply();
  }

  apply() {
    const slope = this.contrast / 100;
    this.show(slope, 0.5 - 0.5 * slope + this.brightness / 100);
  }
}

/** Show a window by the feFunc elements of an SVG filter. */
export function filtered(filter) {
  const functions = [...filter.querySelectorAll("feFuncR, feFuncG, feFuncB")];
  return (slope, intercept) => {
    for (const one of functions) {
      one.setAttribute("slope", slope);
      one.setAttribute("intercept", intercept);
    }
  };
}

export function clamp(value, least, most) {
  return Math.min(Math.max(value, least), most);
}
