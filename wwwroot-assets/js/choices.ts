// What the reader chose to see: filter, group, order, density and wall mode. It is all in the address, so that it can be shared and gone back from.
import type { Board, Card } from "./board";

interface Choices {
  status: string; group: string; sort: string; density: string; wall: boolean;
}

const root = document.documentElement;

const shows: Record<string, (card: Card) => boolean> = {
  all: () => true,
  missed: card => card.status === "missed",
  at_risk: card => card.status === "at_risk",
  unknown: card => card.severity >= 2 && card.severity <= 4,
  met: card => card.status === "met",
};

const orders: Record<string, (a: Card, b: Card) => number> = {
  worst: (a, b) => b.severity - a.severity || a.position - b.position,
  name: (a, b) => a.name.localeCompare(b.name),
};

export class ChoicesBar {
  private readonly sections = [...document.querySelectorAll<HTMLElement>(".group")];
  private readonly homes: HTMLElement[];
  private readonly flat = document.createElement("div");
  private readonly nothing = document.querySelector<HTMLElement>(".nothing")!;
  private choices: Choices = ChoicesBar.read();
  private awake: WakeLockSentinel | null = null;

  constructor(private readonly board: Board) {
    this.homes = board.cards.map(card => card.element.parentElement!);
    this.flat.className = "cards group";
    this.flat.hidden = true;
    document.getElementById("board")!.append(this.flat);

    document.addEventListener("click", event => event.target instanceof Element && this.clicked(event.target));
    document.addEventListener("change", event => {
      if (event.target instanceof HTMLSelectElement && event.target.dataset["choice"])
        this.choose({ [event.target.dataset["choice"]]: event.target.value } as Partial<Choices>);
    });
    document.addEventListener("keydown", event => this.pressed(event));
    document.addEventListener("fullscreenchange", () => {
      if (!document.fullscreenElement && this.choices.wall)
        this.choose({ wall: false });
    });
    document.addEventListener("visibilitychange", () => void this.stayAwake());
    window.addEventListener("popstate", () => {
      this.choices = ChoicesBar.read();
      this.show();
    });
    this.show();
  }

  /** Shows the choice of now on the cards as they are now. */
  show(): void {
    const { status, group, sort, density, wall } = this.choices;
    const focused = document.activeElement;
    let shown = 0;
    for (const card of this.board.cards) {
      const visible = (shows[status] ?? shows["all"]!)(card) && (group === "" || card.group === group);
      card.element.hidden = !visible;
      shown += visible ? 1 : 0;
    }
    this.order(orders[sort]);
    for (const section of this.sections)
      section.hidden = !section.querySelector("[data-kpi]:not([hidden])");
    this.nothing.hidden = shown > 0;

    for (const button of document.querySelectorAll<HTMLElement>("[data-filter]")) {
      const filter = button.dataset["filter"]!;
      button.setAttribute("aria-pressed", String(filter === status));
      button.querySelector("b")!.textContent = String(this.board.cards.filter(shows[filter]!).length);
    }
    for (const select of document.querySelectorAll<HTMLSelectElement>("select[data-choice]"))
      select.value = select.dataset["choice"] === "group" ? group : sort;
    document.querySelector("[data-action=density]")!.setAttribute("aria-pressed", String(density === "compact"));
    document.querySelector(".filters [data-action=wall]")!.setAttribute("aria-pressed", String(wall));
    ChoicesBar.set("density", density === "compact" ? "compact" : null);
    ChoicesBar.set("wall", wall ? "on" : null);
    void this.stayAwake();
    if (focused instanceof HTMLElement && focused !== document.activeElement && focused.isConnected)
      focused.focus({ preventScroll: true });
  }

  private order(by: ((a: Card, b: Card) => number) | undefined): void {
    this.flat.hidden = by === undefined;
    if (by) {
      const wanted = [...this.board.cards].sort(by);
      if (wanted.some((card, i) => this.flat.children[i] !== card.element))
        this.flat.append(...wanted.map(card => card.element));
    } else if (this.flat.children.length > 0) {
      this.board.cards.forEach((card, i) => this.homes[i]!.append(card.element));
    }
  }

  private choose(change: Partial<Choices>): void {
    this.choices = { ...this.choices, ...change };
    const query = new URLSearchParams();
    const { status, group, sort, density, wall } = this.choices;
    if (status !== "all") query.set("status", status);
    if (group !== "") query.set("group", group);
    if (sort !== "") query.set("sort", sort);
    if (density !== "") query.set("density", density);
    if (wall) query.set("wall", "on");
    const text = query.toString();
    history.pushState(null, "", text === "" ? location.pathname : `?${text}`);
    this.show();
  }

  private clicked(target: Element): void {
    const filter = target.closest<HTMLElement>("[data-filter]");
    if (filter)
      this.choose({ status: filter.dataset["filter"]! });
    const action = target.closest<HTMLElement>("[data-action]")?.dataset["action"];
    if (action)
      this.act(action);
  }

  private act(action: string): void {
    switch (action) {
      case "show-all":
        this.choose({ status: "all", group: "" });
        break;
      case "density":
        this.choose({ density: this.choices.density === "compact" ? "" : "compact" });
        break;
      case "print":
        window.print();
        break;
      case "wall":
        this.choose({ wall: !this.choices.wall });
        if (this.choices.wall)
          void root.requestFullscreen?.().catch(() => undefined); // refused without a gesture: the layout is there all the same
        else if (document.fullscreenElement)
          void document.exitFullscreen();
        break;
    }
  }

  private pressed(event: KeyboardEvent): void {
    const typing = event.target instanceof Element && event.target.closest("input, select, textarea, [contenteditable]");
    if (event.ctrlKey || event.metaKey || event.altKey || typing)
      return;
    if (event.key === "Escape" && this.choices.wall)
      this.choose({ wall: false });
    const action = ({ d: "density", w: "wall", p: "print" } as Record<string, string>)[event.key.toLowerCase()];
    if (action)
      this.act(action);
  }

  /** A wall screen is not to go dark. The lock is lost whenever the page is hidden, so it is asked for again. */
  private async stayAwake(): Promise<void> {
    try {
      if (!this.choices.wall) {
        await this.awake?.release();
        this.awake = null;
      } else if (document.visibilityState === "visible" && (this.awake === null || this.awake.released)) {
        this.awake = await navigator.wakeLock.request("screen");
      }
    } catch {
      // not offered here, or refused to save power
    }
  }

  private static read(): Choices {
    const query = new URLSearchParams(location.search);
    const status = query.get("status") ?? "all";
    const sort = query.get("sort") ?? "";
    return {
      status: status in shows ? status : "all",
      group: query.get("group") ?? "",
      sort: sort in orders ? sort : "",
      density: query.get("density") === "compact" ? "compact" : "",
      wall: query.has("wall"),
    };
  }

  private static set(name: string, value: string | null): void {
    if (value === null)
      delete root.dataset[name];
    else
      root.dataset[name] = value;
  }
}
