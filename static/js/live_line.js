// The line to the arena: a WebSocket that comes back by itself; while none works, the
// page asks every other second.
const FIRST_MS = 500;
const LONGEST_MS = 10_000;
const POLL_MS = 2000;
const FAILURES_BEFORE_POLLING = 3;
const SILENCE_MS = 10_000;
const IDLE = 4408;
const NOT_YOURS = 4404;

export class Line {
  #address;
  #heed;
  #socket = null;
  #failures = 0;
  #timer = 0;
  #polling = 0;
  #asked = 0;
  #heardAt = performance.now();
  #asleep = false;
  #over = false;

  // `heed` takes frames; `lost` whether the line is down; `busy` says whether anything
  // is to be expected.
  constructor({ address, heed, lost, busy }) {
    this.#address = address;
    this.#heed = heed;
    this.lost = lost;
    this.busy = busy;
    addEventListener("online", () => this.#again());
    addEventListener("offline", () => this.#again());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake());
    setInterval(() => this.#watch(), 1000);
    this.#connect();
  }

  // Something is about to come, or the reader is back.
  wake() {
    if (this.#over) return;
    if (this.#socket) return this.resync();
    this.#asleep = false;
    this.#failures = 0;
    this.#connect();
  }

  end() {
    this.#over = true;
    this.#socket?.close();
    clearTimeout(this.#timer);
    this.#stopPolling();
    this.lost(false);
  }

  // Begin anew: what is open may be dead without knowing.
  #again() {
    if (this.#over) return;
    const socket = this.#socket;
    if (socket) this.#closed(socket, 0);
    socket?.close();
    this.wake();
  }

  // Something is missing: ask for the whole, but not again and again.
  resync() {
    if (performance.now() - this.#asked < 1000) return;
    this.#asked = performance.now();
    if (this.#socket?.readyState === WebSocket.OPEN) {
      this.#socket.send(JSON.stringify({ type: "resync" }));
    }
  }

  #connect() {
    clearTimeout(this.#timer);
    const { protocol, host } = location;
    const secure = protocol === "https:" ? "wss" : "ws";
    const socket = new WebSocket(`${secure}://${host}/ws${this.#address}/`);
    this.#socket = socket;
    this.#heardAt = performance.now();
    socket.addEventListener("message", ({ data }) => {
      this.#hear();
      this.#heed(JSON.parse(data));
    });
    socket.addEventListener("close", ({ code }) => this.#closed(socket, code));
  }

  #hear() {
    this.#heardAt = performance.now();
    this.#failures = 0;
    this.#stopPolling();
    this.lost(false);
  }

  #closed(socket, code) {
    if (this.#socket !== socket) return;
    this.#socket = null;
    if (this.#over) return;
    if (code === NOT_YOURS) return this.#poll();
    this.#asleep = code === IDLE && !this.busy();
    if (this.#asleep) return;
    this.lost(true);
    this.#failures += 1;
    if (this.#failures >= FAILURES_BEFORE_POLLING) this.#startPolling();
    const wait = Math.min(LONGEST_MS, FIRST_MS * 2 ** (this.#failures - 1));
    this.#timer = setTimeout(() => this.#connect(), wait * (0.5 + Math.random() / 2));
  }

  // A line that says nothing may be broken without having been closed.
  #watch() {
    if (!this.#socket || !this.busy()) return;
    const silence = performance.now() - this.#heardAt;
    if (silence > 2 * SILENCE_MS) this.#again();
    else if (silence > SILENCE_MS) this.resync();
  }

  #startPolling() {
    this.#polling ||= setInterval(() => this.#poll(), POLL_MS);
  }

  #stopPolling() {
    clearInterval(this.#polling);
    this.#polling = 0;
  }

  async #poll() {
    try {
      const response = await fetch(`${this.#address}/state`, {
        headers: { Accept: "application/json" },
      });
      const told = await response.json();
      if (response.ok) {
        this.lost(false);
        this.#heed({ ...told, type: "snapshot" });
      } else if (response.status < 429) {
        this.end();
        this.#heed({ type: "error", sentence: told.detail });
      }
    } catch {
      this.lost(true);
    }
  }
}
