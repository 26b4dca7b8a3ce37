// The live scorecard.
import { Board } from "./board";
import { ChoicesBar } from "./choices";
import { Details } from "./details";
import { Stream } from "./stream";

const root = document.documentElement;
const board = new Board();
const choices = new ChoicesBar(board);
const details = new Details(board, () => stream.now());
const live = document.querySelector<HTMLElement>(".live")!;
const liveText = live.querySelector<HTMLElement>("[data-live-text]")!;
const lost = document.querySelector<HTMLElement>(".lost")!;

function write(element: HTMLElement, text: string): void {
  if (element.textContent !== text)
    element.textContent = text;
}

const stream = new Stream({
  tick(tick) {
    if (board.apply(tick))
      choices.show();
    board.tick(tick.t);
    board.announce(true, "");
    details.refresh();
  },
  state(state, words, asOf) {
    root.dataset["live"] = state;
    live.dataset["state"] = state;
    write(liveText, words);
    lost.hidden = state !== "lost";
    write(lost, state === "lost" ? `${words}. What you see below is how things stood then, and may be otherwise now.` : "");
    board.announce(state !== "lost", asOf);
  },
});

board.tick(stream.now());
setInterval(() => board.tick(stream.now()), 1000);
