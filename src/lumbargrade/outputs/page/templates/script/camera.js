import { clamp } from "./window.js";

const MOST = 8;

/** Zoom and place, the same on every slice: they are kept relative to the region of each. */
export class Camera {
  /**
   * @param {Iterable<{dataset: DOMStringMap}>} pictures with their size and their region, in mm
   * @param {(picture: object, part: number[]) => void} show a part (x, y, width, height) of one
   */
  constructor(pictures, show = boxed) {
    this.pictures = [...pictures];
    this.show = show;
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
    for (const one of this.pictures) this.show(one, this.part(one));
  }

  /** @returns {number[]} the part of a picture in view (x, y, width, height), in mm */
  part({ dataset }) {
    const [width, height] = [Number(dataset.width), Number(dataset.height)];
    const [w, h] = [width / this.zoom, height / this.zoom];
    const left = clamp(Number(dataset.x) + this.x - w / 2, 0, width - w);
    const top = clamp(Number(dataset.y) + this.y - h / 2, 0, height - h);
    return [left, top, w, h];
  }
}

function boxed(picture, part) {
  picture.setAttribute("viewBox", part.join(" "));
}
