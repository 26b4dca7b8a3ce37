// For pages other than the scorecard: times in the viewer's zone, also in what a circuit renders later.
import { localize } from "./times";

let due = false;

function soon(): void {
  if (due)
    return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    localize(document, Date.now());
  });
}

new MutationObserver(soon).observe(document.documentElement, { childList: true, subtree: true, attributes: true, attributeFilter: ["datetime"] });
setInterval(soon, 1000);
soon();
