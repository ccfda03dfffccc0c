const AT_ONCE = 3;

/**
 * The pixels of all pictures, 16 bits each; those nearest to the one on the screen come first. A
 * picture is named by the end of its address: `pixels/3` is slice 3, `planes/3` a sagittal slice.
 */
export class Pixels {
  /** @param {string} base of the work's addresses @param {string[]} names of its pictures */
  constructor(base, names) {
    Object.assign(this, { base, names, loading: new Map(), here: new Map(), running: 0 });
  }

  /** @returns {Uint16Array|undefined} at once, if they are here */
  get(name) {
    return this.here.get(name);
  }

  /** @returns {Promise<Uint16Array>} */
  load(name) {
    if (!this.loading.has(name)) {
      const loaded = fetched(`${this.base}/${name}`);
      this.loading.set(name, loaded);
      loaded.then(
        (pixels) => this.here.set(name, pixels),
        () => this.loading.delete(name),
      );
    }
    return this.loading.get(name);
  }

  sagittal() {
    return fetched(`${this.base}/sagittal`);
  }

  /** Fetch what may be looked at next, from here outward. */
  prefetch(name) {
    const at = this.names.indexOf(name);
    const far = (one) => Math.abs(this.names.indexOf(one) - at - 0.1);
    this.queue = this.names.filter((one) => !this.loading.has(one)).sort((a, b) => far(a) - far(b));
    while (this.running < AT_ONCE && this.queue.length) this.follow();
  }

  async follow() {
    this.running += 1;
    let name;
    while ((name = this.queue.shift()) !== undefined) {
      await this.load(name).catch(() => null);
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
