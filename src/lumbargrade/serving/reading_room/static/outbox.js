import { said } from "./api.js";

const PREFIX = "lumbargrade-room:";
const LONGEST_WAIT_MS = 30000;
const AGAIN = new Set([0, 401, 403, 408, 425, 429]);

/**
 * Changes on their way to the server. Each lies in the browser's store until the server has said
 * that it has it, and is sent again after a reload: a reading is never lost. A change has a name of
 * its own, by which the server knows one that comes twice.
 */
export class Outbox {
  /**
   * @param {string} person whose changes these are; those of others on this machine stay untouched
   * @param {Api} api
   * @param {(state: {name: string, waiting: number, why: string}) => void} changed
   */
  constructor(person, api, changed) {
    Object.assign(this, { prefix: `${PREFIX}${person}:`, api, changed });
    this.memory = new Map();
    this.refused = new Map();
    this.tries = this.count = 0;
    this.busy = this.unkept = false;
    this.why = "";
    addEventListener("online", () => this.retry());
    addEventListener("beforeunload", (event) => this.leaving(event));
  }

  /** The changes that the server has not acknowledged, oldest first. */
  get waiting() {
    const names = new Set(this.memory.keys());
    for (const name of Object.keys(store() ?? {})) if (name.startsWith(this.prefix)) names.add(name);
    return [...names].sort();
  }

  /** @returns {{path: string, body: object}} a waiting change by its name */
  read(name) {
    if (this.memory.has(name)) return this.memory.get(name);
    try {
      return JSON.parse(store().getItem(name));
    } catch {
      return null;
    }
  }

  /** Keep a change and send it as soon as can be. */
  put(path, body) {
    const change = uuid();
    this.count += 1;
    const order = `${String(Date.now()).padStart(15, "0")}-${String(this.count).padStart(6, "0")}`;
    const name = `${this.prefix}${order}-${change}`;
    const entry = { path, body: { change, ...body } };
    this.memory.set(name, entry);
    try {
      localStorage.setItem(name, JSON.stringify(entry));
    } catch {
      this.unkept = true;
    }
    this.run();
  }

  /** What the store holds is sent the next time; ask before anything is lost or forgotten. */
  leaving(event) {
    if (this.waiting.length && (this.why || this.refused.size || this.unkept)) event.preventDefault();
  }

  retry() {
    this.refused.clear();
    this.tries = 0;
    clearTimeout(this.timer);
    this.run();
  }

  /** Give up what the server refused for good. */
  discard() {
    for (const name of this.refused.keys()) this.drop(name);
    this.refused.clear();
    this.tell();
  }

  async run() {
    if (this.busy) return;
    this.busy = true;
    clearTimeout(this.timer);
    this.why = "";
    let name;
    while ((name = this.waiting.find((one) => !this.refused.has(one)))) {
      this.tell();
      const entry = this.read(name);
      if (!entry) {
        this.drop(name);
        continue;
      }
      const { status, body } = await this.api.send("PUT", entry.path, entry.body);
      if (status >= 200 && status < 300) {
        this.drop(name);
        this.tries = 0;
      } else if (AGAIN.has(status) || status >= 500) {
        this.why = said(status);
        break;
      } else {
        this.refused.set(name, detail(body) ?? said(status));
      }
    }
    this.busy = false;
    this.tell();
    if (this.why) this.timer = setTimeout(() => this.run(), this.wait());
  }

  /** @returns {Promise<boolean>} whether all is saved, once what can be sent has been */
  async settled() {
    if (!this.busy) await this.run();
    while (this.busy) await new Promise((done) => setTimeout(done, 20));
    return !this.waiting.length;
  }

  wait() {
    this.tries += 1;
    return Math.min(1000 * 2 ** (this.tries - 1), LONGEST_WAIT_MS);
  }

  drop(name) {
    this.memory.delete(name);
    try {
      store()?.removeItem(name);
    } catch {
      // Without a store there is nothing to remove.
    }
  }

  tell() {
    const waiting = this.waiting.length;
    const why = this.why || [...this.refused.values()][0] || "";
    const name = why ? "failed" : waiting ? "saving" : "saved";
    this.changed({ name, waiting, why, refused: this.refused.size });
  }
}

function store() {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

function detail(body) {
  const given = body?.detail ?? body?.error;
  return typeof given === "string" ? given : null;
}

/** crypto.randomUUID is there on HTTPS and localhost only. */
function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((one) => one.toString(16).padStart(2, "0")).join("");
  return [8, 4, 4, 4, 12].map(((at) => (n) => hex.slice(at, (at += n)))(0)).join("-");
}
