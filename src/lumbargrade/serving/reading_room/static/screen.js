const GREYS = 65536;

/**
 * A picture of 16 bits on a canvas, with an SVG of the same place over it. Both show the part that
 * is asked for as large as it fits; lengths are in mm from the picture's upper left corner.
 */
export class Screen {
  /** @param {HTMLCanvasElement} canvas @param {SVGSVGElement} over */
  constructor(canvas, over) {
    Object.assign(this, { canvas, over, slope: 1, intercept: 0, box: null, picture: null });
    this.look = new Uint32Array(GREYS);
    this.source = document.createElement("canvas");
    new ResizeObserver(() => this.draw()).observe(canvas);
  }

  /** @param {object} picture of the study's view @param {Uint16Array|undefined} pixels */
  show(picture, pixels) {
    Object.assign(this, { picture, pixels });
    this.paint();
  }

  /** Set the window: grey -> slope * grey + intercept, where the picture's window is 0 to 1. */
  window(slope, intercept) {
    Object.assign(this, { slope, intercept });
    this.paint();
  }

  /** The values of pixels that are black and white now. */
  get range() {
    const [low, high] = this.picture?.window ?? [0, 1];
    return [-this.intercept, 1 - this.intercept].map((one) => low + (one / this.slope) * (high - low));
  }

  part(box) {
    this.box = box;
    this.over.setAttribute("viewBox", box.join(" "));
    this.draw();
  }

  paint() {
    if (!this.picture) return;
    const { rows, columns } = this.picture;
    this.source.width = columns;
    this.source.height = rows;
    if (this.pixels) {
      this.fill();
      const image = new ImageData(columns, rows);
      const words = new Uint32Array(image.data.buffer);
      const { look, pixels } = this;
      for (let at = 0; at < words.length; at += 1) words[at] = look[pixels[at]];
      this.source.getContext("2d").putImageData(image, 0, 0);
    }
    this.draw();
  }

  /** Fill the look-up: one colour for each of the values that a pixel may have. */
  fill() {
    const [black, white] = this.range;
    const scale = 255 / Math.max(white - black, 1e-6);
    for (let value = 0; value < GREYS; value += 1) {
      const grey = Math.min(Math.max((value - black) * scale, 0), 255) | 0;
      this.look[value] = 0xff000000 | (grey << 16) | (grey << 8) | grey;
    }
  }

  draw() {
    const { canvas, box, picture } = this;
    if (!box || !picture) return;
    const sharp = globalThis.devicePixelRatio || 1;
    const [width, height] = [canvas.clientWidth * sharp, canvas.clientHeight * sharp].map(Math.round);
    if (!width || !height) return;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const [x, y, w, h] = box;
    const scale = Math.min(width / w, height / h);
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    context.setTransform(scale, 0, 0, scale, width / 2 - (x + w / 2) * scale, height / 2 - (y + h / 2) * scale);
    // Linear between pixels; cubic takes five times as long where a processor draws.
    context.imageSmoothingQuality = "low";
    context.drawImage(this.source, 0, 0, picture.width_mm, picture.height_mm);
  }

  /** @returns {[number, number]} the place of a pointer on the picture, in mm */
  place(event) {
    const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(
      this.over.getScreenCTM().inverse(),
    );
    return [x, y];
  }
}
