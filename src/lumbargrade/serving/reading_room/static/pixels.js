const AT_ONCE = 3;

/** The pixels of all slices, 16 bits each; those nearest to the one on the screen come first. */
export class Pixels {
  /** @param {string} base of the work's addresses @param {number[]} numbers of its slices */
  constructor(base, numbers) {
    Object.assign(this, { base, numbers, loading: new Map(), here: new Map(), running: 0 });
  }

  /** @returns {Uint16Array|undefined} at once, if they are here */
  get(number) {
    return this.here.get(number);
  }

  /** @returns {Promise<Uint16Array>} */
  load(number) {
    if (!this.loading.has(number)) {
      const loaded = fetched(`${this.base}/pixels/${number}`);
      this.loading.set(number, loaded);
      loaded.then(
        (pixels) => this.here.set(number, pixels),
        () => this.loading.delete(number),
      );
    }
    return this.loading.get(number);
  }

  sagittal() {
    return fetched(`${this.base}/sagittal`);
  }

  /** Fetch what may be looked at next, from here outward. */
  prefetch(number) {
    const at = this.numbers.indexOf(number);
    const far = (one) => Math.abs(this.numbers.indexOf(one) - at - 0.1);
    this.queue = this.numbers.filter((one) => !this.loading.has(one)).sort((a, b) => far(a) - far(b));
    while (this.running < AT_ONCE && this.queue.length) this.follow();
  }

  async follow() {
    this.running += 1;
    let number;
    while ((number = this.queue.shift()) !== undefined) {
      await this.load(number).catch(() => null);
    }
    this.running -= 1;
  }
}

async function fetched(address) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`pixels: the server answers ${answer.status}`);
  const bytes = await answer.arrayBuffer();
  // The server's order of bytes is that of every machine that has a browser today.
  return new Uint16Array(bytes);
}
