// The event stream: connects again for ever, and never lets a page that hears nothing look as if it were live.
import type { Tick } from "./board";
import { wallClock } from "./times";

interface Hello {
  e: string; f: string; n: number; t: number;
}

interface Listener {
  /** A snapshot, or what changed since the one before. */
  tick(tick: Tick): void;

  /** Live, or not; with the words for it. */
  state(state: "live" | "reconnecting" | "lost", words: string, asOf: string): void;
}

const root = document.documentElement;
const shortest = 1000;
const longest = 30_000;

export class Stream {
  private source: EventSource | null = null;
  private epoch = root.dataset["epoch"]!;
  private sequence = Number(root.dataset["sequence"]);
  private readonly shape = root.dataset["shape"]!;
  private readonly patience = Math.max(15_000, 3 * Number(root.dataset["beat"]));
  private heard = performance.now();
  private heardDate = Date.now();
  private heardAt = Number(root.dataset["at"]);
  private offset = 0;
  private failures = 0;
  private retry = 0;

  constructor(private readonly listener: Listener) {
    this.connect();
    setInterval(() => this.watch(), 1000);
    // Back from sleep, from another tab or from the cache of the back button: do not wait for a time-out.
    for (const name of ["online", "pageshow", "focus"])
      window.addEventListener(name, () => this.wake());
    document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && this.wake());
    window.addEventListener("pagehide", () => this.source?.close());
  }

  /** The server's time, as well as can be told from here. */
  now(): number {
    return Date.now() + this.offset;
  }

  private connect(): void {
    clearTimeout(this.retry);
    this.source?.close();
    const source = this.source = new EventSource(`/events/scorecard?since=${this.epoch}-${this.sequence}`);
    source.addEventListener("hello", event => this.hello(JSON.parse(event.data) as Hello));
    source.addEventListener("full", event => this.hear(JSON.parse(event.data) as Tick));
    source.addEventListener("tick", event => this.hear(JSON.parse(event.data) as Tick));
    source.addEventListener("error", () => this.failed(source));
  }

  private hello(hello: Hello): void {
    this.offset = hello.t - Date.now();
    if (hello.f !== this.shape && this.mayReload()) {
      // Another build, or other KPIs: not all viewers at the same moment.
      setTimeout(() => location.reload(), Math.random() * 4000);
      return;
    }
    if (hello.e === this.epoch && hello.n === this.sequence && hello.n > 0 && this.heardAt > this.now() - this.patience)
      this.alive();
    this.epoch = hello.e;
  }

  private hear(tick: Tick): void {
    this.sequence = tick.n;
    this.heardAt = tick.t;
    this.alive();
    this.listener.tick(tick);
  }

  private alive(): void {
    this.heard = performance.now();
    this.heardDate = Date.now();
    this.failures = 0;
    this.listener.state("live", "Live", "");
  }

  private failed(source: EventSource): void {
    source.close();
    if (source !== this.source)
      return;
    this.source = null;
    const wait = Math.min(longest, shortest * 2 ** Math.min(this.failures++, 8));
    clearTimeout(this.retry);
    this.retry = setTimeout(() => this.connect(), wait * (0.5 + Math.random()));
    if (this.silence() < this.patience)
      this.listener.state("reconnecting", "Reconnecting…", "");
  }

  /** Each second: has it been silent for too long? */
  private watch(): void {
    const silence = this.silence();
    if (silence < this.patience)
      return;
    const since = wallClock(this.heardAt || this.now(), this.now());
    this.listener.state("lost", `Not live since ${since}`, since);
    // An open connection that says nothing for so long may be dead without knowing it.
    if (this.source && silence > 2 * this.patience && Math.floor(silence / 1000) % Math.ceil(this.patience / 1000) === 0)
      this.connect();
  }

  private wake(): void {
    if (!this.source || this.silence() >= this.patience) {
      this.failures = 0;
      this.connect();
    }
  }

  /** By two clocks: one stands still while the machine sleeps, the other jumps when it is set. */
  private silence(): number {
    return Math.max(performance.now() - this.heard, Date.now() - this.heardDate);
  }

  private mayReload(): boolean {
    try {
      const last = Number(sessionStorage.getItem("reloaded"));
      if (Date.now() - last < 60_000)
        return false;
      sessionStorage.setItem("reloaded", String(Date.now()));
      return true;
    } catch {
      return false; // nothing to remember it by: better an old page than one that reloads for ever
    }
  }
}
