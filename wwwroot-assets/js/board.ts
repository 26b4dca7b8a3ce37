// The cards: what the stream changed of them, their ages, and the counts and headline over them.
import { path, targetLevel } from "./line";
import { age, localize } from "./times";

/** What changed of a card; the server's ScorecardEvent names the members. */
export interface CardPatch {
  s?: string; i?: number; v?: string; p?: string; q?: string; d?: string; e?: string; w?: string; x?: string; y?: string; a?: string; b?: string; l?: string;
}

export interface Tick {
  n: number; t: number; m?: (number | null)[]; h?: string; k: Record<string, CardPatch>;
}

const words: Record<string, string> = { met: "Met", at_risk: "At risk", no_data: "No data", stale: "Stale", source_down: "Source down", missed: "Missed" };

/** From best to worst, as KpiStatus orders them. */
const severity = ["met", "at_risk", "no_data", "stale", "source_down", "missed"];

export class Card {
  readonly id: string;
  readonly name: string;
  readonly group: string;
  measured: number | null;
  private readonly parts = new Map<string, HTMLElement>();

  constructor(readonly element: HTMLElement, readonly position: number) {
    this.id = element.dataset["kpi"]!;
    this.name = element.querySelector("h3")!.textContent!.trim();
    this.group = element.closest<HTMLElement>("[data-group]")!.dataset["group"]!;
    this.measured = element.dataset["measured"] ? Number(element.dataset["measured"]) : null;
    for (const part of element.querySelectorAll<HTMLElement>("[data-f]"))
      this.parts.set(part.dataset["f"]!, part);
  }

  get status(): string {
    return this.element.dataset["status"]!;
  }

  get severity(): number {
    return severity.indexOf(this.status);
  }

  apply(patch: CardPatch): void {
    if (patch.s !== undefined) {
      this.element.dataset["status"] = patch.s;
      this.text("word", words[patch.s] ?? patch.s);
      this.element.querySelector(".status use")!.setAttribute("href", `#i-${patch.s}`);
    }
    this.text("value", patch.v);
    this.text("mark", patch.p);
    this.hint("mark", patch.q);
    this.text("change", patch.d);
    this.kind("change", patch.e);
    this.text("week", patch.w);
    this.kind("week", patch.x);
    this.text("reason", patch.y);
    this.text("attainment", patch.a);
    this.hint("attainment", patch.b);
    if (patch.l !== undefined)
      this.draw(patch.l);
  }

  tick(now: number): void {
    this.text("age", this.measured === null ? "—" : age(now - this.measured));
  }

  private text(part: string, text: string | undefined): void {
    const element = this.parts.get(part);
    if (element && text !== undefined && element.textContent !== text)
      element.textContent = text;
  }

  private hint(part: string, text: string | undefined): void {
    if (text !== undefined)
      this.parts.get(part)!.title = text;
  }

  private kind(part: string, kind: string | undefined): void {
    if (kind !== undefined)
      this.parts.get(part)!.dataset["kind"] = kind;
  }

  private draw(line: string): void {
    const spark = this.element.querySelector(".spark")!;
    const level = String(targetLevel(line));
    spark.toggleAttribute("data-empty", line === "");
    spark.querySelector(".line")!.setAttribute("d", path(line, false));
    spark.querySelector(".area")!.setAttribute("d", path(line, true));
    const goal = spark.querySelector(".goal")!;
    goal.setAttribute("y1", level);
    goal.setAttribute("y2", level);
    const good = spark.querySelector(".good")!;
    if (good.hasAttribute("y")) {
      good.setAttribute("y", level);
      good.setAttribute("height", String(64 - Number(level)));
    } else {
      good.setAttribute("height", level);
    }
  }
}

export class Board {
  readonly cards: Card[];
  private readonly byId: Map<string, Card>;
  private readonly headline = document.getElementById("headline")!;
  private readonly icon = document.querySelector<HTMLLinkElement>("link[rel=icon]")!;

  constructor() {
    this.cards = [...document.querySelectorAll<HTMLElement>("[data-kpi]")].map((element, position) => new Card(element, position));
    this.byId = new Map(this.cards.map(card => [card.id, card]));
  }

  find(id: string): Card | undefined {
    return this.byId.get(id);
  }

  /** Applies an event; true where a status changed. */
  apply(tick: Tick): boolean {
    tick.m?.forEach((seconds, position) => {
      const card = this.cards[position];
      if (card)
        card.measured = seconds === null ? null : tick.t - seconds * 1000;
    });
    let changed = false;
    for (const [id, patch] of Object.entries(tick.k)) {
      const card = this.byId.get(id);
      changed ||= patch.s !== undefined && patch.s !== card?.status;
      card?.apply(patch);
    }
    if (tick.h !== undefined)
      this.headline.innerHTML = tick.h; // the server's own rendering, encoded by it
    return changed;
  }

  /** Ages and times as of now, by the server's clock. */
  tick(now: number): void {
    for (const card of this.cards)
      card.tick(now);
    localize(document, now);
  }

  /** Title and icon of the tab tell the state while another tab is in front. */
  announce(live: boolean, asOf: string): void {
    const title = this.headline.querySelector("h1")!;
    const prefix = live ? "" : `At ${asOf}: `;
    const mark = title.querySelector<HTMLElement>(".as-of")!;
    if (mark.textContent !== prefix)
      mark.textContent = prefix;
    const tab = `${title.textContent!.trim()} · Scorecard`;
    if (document.title !== tab)
      document.title = tab;
    const worst = Math.max(0, ...this.cards.map(card => card.severity));
    const state = !live || worst === 2 || worst === 3 || worst === 4 ? "unknown" : worst === 5 ? "missed" : worst === 1 ? "risk" : "met";
    const address = `/favicon-${state}.svg`;
    if (this.icon.getAttribute("href") !== address)
      this.icon.setAttribute("href", address);
  }
}
