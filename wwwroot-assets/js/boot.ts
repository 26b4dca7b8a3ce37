// Runs before the first paint and on every page: the chosen theme, the layout that the address asks for, and the theme button.
// Blocking on purpose, and small because of it.

type Choice = "system" | "light" | "dark";

const order: Choice[] = ["system", "light", "dark"];
const words: Record<Choice, string> = { system: "as the system", light: "light", dark: "dark" };
const root = document.documentElement;

function chosen(): Choice {
  try {
    const kept = localStorage.getItem("theme");
    return kept === "light" || kept === "dark" ? kept : "system";
  } catch {
    return "system"; // storage can be switched off
  }
}

function apply(choice: Choice): void {
  if (choice === "system")
    delete root.dataset["theme"];
  else
    root.dataset["theme"] = choice;
  for (const button of document.querySelectorAll<HTMLElement>("[data-action=theme]")) {
    button.dataset["choice"] = choice;
    button.title = `Theme: ${words[choice]}`;
    button.setAttribute("aria-label", button.title);
  }
}

function keep(choice: Choice): void {
  try {
    localStorage.setItem("theme", choice);
  } catch {
    // then it lasts as long as the page
  }
}

root.dataset["script"] = "on";
const address = new URLSearchParams(location.search);
if (address.get("density") === "compact")
  root.dataset["density"] = "compact";
if (address.has("wall"))
  root.dataset["wall"] = "on";

apply(chosen());
document.addEventListener("DOMContentLoaded", () => apply(chosen()));
window.addEventListener("storage", event => event.key === "theme" && apply(chosen()));
document.addEventListener("click", event => {
  if (!(event.target instanceof Element) || !event.target.closest("[data-action=theme]"))
    return;
  const shown = (root.dataset["theme"] as Choice | undefined) ?? "system";
  const next = order[(order.indexOf(shown) + 1) % order.length]!;
  keep(next);
  apply(next);
});
