/** Calls of the room's server: JSON in, JSON out, and the token that every change needs. */
export class Api {
  /** @param {string} work id @param {string} csrf token */
  constructor(work, csrf) {
    this.base = `/api/work/${encodeURIComponent(work)}`;
    this.csrf = csrf;
  }

  /** @returns {Promise<any>} what the server says of the work; throws an Error that says why not */
  async load() {
    const answer = await fetch(this.base, { headers: { Accept: "application/json" } });
    if (!answer.ok) {
      const body = answer.status < 500 ? null : await answer.json().catch(() => null);
      throw new Error(body?.detail ?? said(answer.status));
    }
    return answer.json();
  }

  /** @returns {Promise<{status: number, body: any}>} status 0: the server was not reached */
  async send(method, path, body) {
    try {
      const answer = await fetch(path, {
        method,
        body: JSON.stringify(body),
        headers: { "Content-Type": "application/json", "X-CSRF-Token": this.csrf },
        keepalive: true,
      });
      return { status: answer.status, body: await answer.json().catch(() => null) };
    } catch {
      return { status: 0, body: null };
    }
  }
}

/** Say in words why an answer is no success. */
export function said(status) {
  return {
    0: "the server is not reached",
    401: "you are signed out: sign in again, nothing is lost",
    403: "not allowed: reload the page, or sign in again",
    404: "there is no such work",
    409: "the work is finished",
    429: "too many requests: wait a moment",
  }[status] ?? `the server answers ${status}`;
}
