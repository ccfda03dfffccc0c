const IDLE_MS = 60000;

/** Seconds spent on each slice: only while the page is visible and somebody acts within a minute. */
export class Clock {
  constructor() {
    this.spent = new Map();
    this.slice = null;
    this.last = this.acted = performance.now();
    for (const name of ["keydown", "pointermove", "pointerdown", "wheel"]) {
      addEventListener(name, () => this.act(), { passive: true, capture: true });
    }
    document.addEventListener("visibilitychange", () => this.tick());
    this.visible = !document.hidden;
  }

  /** Count for this slice from now on. */
  enter(slice) {
    this.tick();
    this.slice = slice;
  }

  /** @returns {number} seconds on a slice since they were last taken */
  take(slice) {
    this.tick();
    const seconds = this.spent.get(slice) ?? 0;
    this.spent.delete(slice);
    return Math.round(seconds * 10) / 10;
  }

  act() {
    this.tick();
    this.acted = performance.now();
  }

  /** Add what passed since the last time, as it was until now. */
  tick() {
    const now = performance.now();
    const until = Math.min(now, this.acted + IDLE_MS);
    const added = this.visible ? Math.max(0, until - this.last) / 1000 : 0;
    if (this.slice !== null && added) {
      this.spent.set(this.slice, (this.spent.get(this.slice) ?? 0) + added);
    }
    this.last = now;
    this.visible = !document.hidden;
  }
}
