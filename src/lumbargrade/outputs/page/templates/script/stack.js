/**
 * Slices of which one is shown, in the order in which one steps through them, each with its number
 * and its level as data.
 */
export class Stack {
  /** @param {Iterable<HTMLElement>} slices @param {(slice: HTMLElement) => void} changed */
  constructor(slices, changed) {
    this.slices = [...slices];
    this.changed = changed;
    this.index = -1;
  }

  get current() {
    return this.slices[this.index];
  }

  /** @param {string|number} number @returns {boolean} whether there is such a slice */
  goTo(number) {
    const index = this.slices.findIndex((one) => one.dataset.number === String(number));
    if (index < 0) return false;
    this.show(index);
    return true;
  }

  step(by) {
    this.show(this.index + by);
  }

  /** Go to the middle of the next level caudal (1) or cranial (-1). */
  level(by) {
    const names = [...new Set(this.slices.map((one) => one.dataset.level))];
    const name = names[names.indexOf(this.current?.dataset.level) + by];
    const there = this.slices.flatMap((one, index) => (one.dataset.level === name ? [index] : []));
    if (there.length) this.show(there[Math.floor(there.length / 2)]);
  }

  show(index) {
    const next = Math.min(Math.max(index, 0), this.slices.length - 1);
    if (next === this.index || next < 0) return;
    this.current?.classList.remove("shown");
    this.index = next;
    this.current.classList.add("shown");
    this.changed(this.current);
  }
}
