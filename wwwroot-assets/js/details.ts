// The details of a card: shown beside it on hover and focus, kept open by a click, a tap or Enter, closed by Escape or a click elsewhere.
// Their text is the KPI's own page, which also opens by itself without a script or with a modified click.
import type { Board, Card } from "./board";
import { localize } from "./times";

const hoverDelay = 350;

export class Details {
  private readonly popover = document.getElementById("details")!;
  private card: Card | null = null;
  private pinned = false;
  private timer = 0;
  private request: AbortController | null = null;

  constructor(private readonly board: Board, private readonly now: () => number) {
    if (!("showPopover" in this.popover))
      return; // then the cards are plain links
    const area = document.getElementById("board")!;
    area.addEventListener("pointerover", event => event.pointerType === "mouse" && this.hover(this.cardOf(event.target)));
    area.addEventListener("pointerleave", () => this.hover(null));
    this.popover.addEventListener("pointerenter", () => clearTimeout(this.timer));
    this.popover.addEventListener("pointerleave", () => this.hover(null));
    area.addEventListener("focusin", event => {
      const card = this.cardOf(event.target);
      if (card && event.target instanceof Element && event.target.matches(":focus-visible"))
        this.open(card, false);
    });
    area.addEventListener("focusout", () => !this.pinned && this.close());
    document.addEventListener("click", event => this.clicked(event));
    document.addEventListener("keydown", event => {
      if (event.key === "Escape" && this.card) {
        event.stopImmediatePropagation();
        this.close();
      }
    });
    window.addEventListener("scroll", () => this.card && this.place(), { passive: true });
    window.addEventListener("resize", () => this.card && this.place());
  }

  /** Fetches the open details again: the card behind them has changed. */
  refresh(): void {
    if (this.card)
      void this.load(this.card);
  }

  private cardOf(target: EventTarget | null): Card | null {
    const element = target instanceof Element ? target.closest<HTMLElement>("[data-kpi]") : null;
    return element ? this.board.find(element.dataset["kpi"]!) ?? null : null;
  }

  private hover(card: Card | null): void {
    if (this.pinned)
      return;
    clearTimeout(this.timer);
    if (card !== this.card)
      this.timer = setTimeout(() => card ? this.open(card, false) : this.close(), hoverDelay);
  }

  private clicked(event: MouseEvent): void {
    if (event.target instanceof Element && event.target.closest("[data-action=copy]"))
      return void this.copy(event.target.closest<HTMLElement>("[data-action=copy]")!);
    if (event.target instanceof Node && this.popover.contains(event.target))
      return;
    const card = this.cardOf(event.target);
    if (!card) {
      if (this.pinned)
        this.close();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0)
      return;
    event.preventDefault();
    if (this.pinned && card === this.card)
      this.close();
    else
      this.open(card, true);
  }

  private open(card: Card, pin: boolean): void {
    clearTimeout(this.timer);
    this.pinned = pin;
    if (card !== this.card) {
      this.card = card;
      this.popover.setAttribute("aria-label", `Details of ${card.name}`);
      const waiting = document.createElement("p");
      waiting.className = "waiting";
      waiting.textContent = "Loading…";
      this.popover.replaceChildren(waiting);
      this.popover.showPopover();
      void this.load(card);
    }
    this.place();
    if (pin)
      this.popover.focus({ preventScroll: true });
  }

  private close(): void {
    clearTimeout(this.timer);
    this.request?.abort();
    const card = this.card;
    const back = this.pinned && this.popover.contains(document.activeElement);
    this.card = null;
    this.pinned = false;
    if (this.popover.matches(":popover-open"))
      this.popover.hidePopover();
    if (back)
      card?.element.querySelector<HTMLElement>(".to")!.focus({ preventScroll: true });
    // Focus shows the details; having closed them by hand, the reader does not want them at once again.
    if (back)
      this.close();
  }

  private async load(card: Card): Promise<void> {
    this.request?.abort();
    const request = this.request = new AbortController();
    try {
      const answer = await fetch(`/kpis/${encodeURIComponent(card.id)}`, { signal: request.signal });
      if (!answer.ok)
        throw new Error(`status ${answer.status}`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const article = page.querySelector("article.details");
      if (this.card !== card || !article)
        return;
      this.fill(card, article);
    } catch {
      if (this.card === card && !request.signal.aborted && !this.popover.querySelector("article"))
        this.popover.querySelector(".waiting")!.textContent = "The dashboard cannot be reached now. Details come back with it.";
    }
  }

  private fill(card: Card, page: Element): void {
    const article = document.importNode(page, true);
    const title = document.createElement("h2");
    title.textContent = article.querySelector("h1")?.textContent ?? card.name;
    article.querySelector("h1")?.replaceWith(title);
    localize(article, this.now());

    // Refreshed while it is read: what is scrolled or focused in it stays so.
    const old = this.popover.querySelector("article");
    const copied = old?.contains(document.activeElement) && document.activeElement?.matches("[data-action=copy]");
    if (old?.querySelector("pre")?.textContent === article.querySelector("pre")?.textContent && old && article.querySelector(".query"))
      article.querySelector(".query")!.replaceWith(old.querySelector(".query")!);
    const more = document.createElement("p");
    more.className = "more";
    const link = document.createElement("a");
    link.href = `/kpis/${encodeURIComponent(card.id)}`;
    link.textContent = "Open as a page";
    more.append(link);
    this.popover.replaceChildren(article, more);
    if (copied)
      article.querySelector<HTMLElement>("[data-action=copy]")?.focus({ preventScroll: true });
    this.place();
  }

  private async copy(button: HTMLElement): Promise<void> {
    const text = button.closest(".query")!.querySelector("code")!.textContent!;
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // no clipboard without https: the older way
      const range = document.createRange();
      range.selectNodeContents(button.closest(".query")!.querySelector("code")!);
      getSelection()!.removeAllRanges();
      getSelection()!.addRange(range);
      document.execCommand("copy");
    }
    button.textContent = "Copied";
    setTimeout(() => button.textContent = "Copy", 1500);
  }

  /** Beside the card where there is room, else under or over it. On a phone the style sheet puts it at the bottom. */
  private place(): void {
    if (!this.card || matchMedia("(max-width: 520px)").matches) {
      this.popover.style.removeProperty("left");
      this.popover.style.removeProperty("top");
      return;
    }
    const card = this.card.element.getBoundingClientRect();
    const { width, height } = this.popover.getBoundingClientRect();
    const gap = 8;
    let left = card.right + gap;
    let top = card.top;
    if (left + width > innerWidth - gap)
      left = card.left - gap - width;
    if (left < gap) {
      left = Math.min(Math.max(gap, card.left), innerWidth - width - gap);
      top = card.bottom + gap + height < innerHeight ? card.bottom + gap : card.top - gap - height;
    }
    top = Math.min(Math.max(gap, top), Math.max(gap, innerHeight - height - gap));
    this.popover.style.setProperty("left", `${Math.round(left)}px`);
    this.popover.style.setProperty("top", `${Math.round(top)}px`);
  }
}
