import { clamp } from "./window.js";

const MOST = 8;

/** Zoom and place, the same on every slice: they are kept relative to the region of each. */
export class Camera {
  /** @param {Iterable<SVGSVGElement>} pictures with their size and their region as data, in mm */
  constructor(pictures) {
    this.pictures = [...pictures];
    this.home();
  }

  home() {
    this.zoom = Number(this.pictures[0]?.dataset.zoom ?? 1);
    this.x = this.y = 0;
    this.apply();
  }

  region() {
    const { width, height, region } = this.pictures[0]?.dataset ?? {};
    this.zoom = Math.max(1, Math.min(width, height) / region) || 1;
    this.x = this.y = 0;
    this.apply();
  }

  magnify(factor) {
    this.zoom = clamp(this.zoom * factor, 1, MOST);
    this.apply();
  }

  /** Move by a share of what is shown, to the right and down. */
  move(right, down) {
    const { width, height } = this.pictures[0]?.dataset ?? { width: 0, height: 0 };
    const limit = Math.max(width, height);
    this.x = clamp(this.x - (right * width) / this.zoom, -limit, limit);
    this.y = clamp(this.y - (down * height) / this.zoom, -limit, limit);
    this.apply();
  }

  apply() {
    for (const one of this.pictures) {
      const [width, height] = [Number(one.dataset.width), Number(one.dataset.height)];
      const [w, h] = [width / this.zoom, height / this.zoom];
      const left = clamp(Number(one.dataset.x) + this.x - w / 2, 0, width - w);
      const top = clamp(Number(one.dataset.y) + this.y - h / 2, 0, height - h);
      one.setAttribute("viewBox", `${left} ${top} ${w} ${h}`);
    }
  }
}
