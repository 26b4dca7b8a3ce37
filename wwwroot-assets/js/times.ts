// Times in the viewer's zone, UTC on hover. A <time datetime> says by data-show how much of it is wanted.

const clock = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const seconds = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
const dayAndClock = new Intl.DateTimeFormat(undefined, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" });

const whole = new Intl.DateTimeFormat(undefined, { year: "numeric", month: "short", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short" });

/** A moment as one <time> asks for it. */
function written(at: number, now: number, show: string | undefined): string {
  switch (show) {
    case "age": return age(now - at);
    case "seconds": return withSeconds(at);
    case "full": return whole.format(at);
    default: return wallClock(at, now);
  }
}

/** Hours and minutes, with the day where it is not today. */
export function wallClock(at: number, now: number): string {
  const sameDay = new Date(at).toDateString() === new Date(now).toDateString();
  return (sameDay ? clock : dayAndClock).format(at);
}

export function withSeconds(at: number): string {
  return seconds.format(at);
}

/** "3 s", "2 min", "5 h", "4 d": the largest whole unit, as the server says it. */
export function age(milliseconds: number): string {
  const s = Math.max(0, Math.floor(milliseconds / 1000));
  if (s < 60) return `${s} s`;
  if (s < 3600) return `${Math.floor(s / 60)} min`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)} h`;
  return `${Math.floor(s / 86400)} d`;
}

/** Writes every <time> below a node in the viewer's zone. Writes only what changed, so it can run each second. */
export function localize(scope: ParentNode, now: number): void {
  for (const element of scope.querySelectorAll<HTMLTimeElement>("time[datetime]")) {
    const at = Date.parse(element.dateTime);
    if (Number.isNaN(at))
      continue;
    const text = written(at, now, element.dataset["show"]);
    if (element.textContent !== text)
      element.textContent = text;
    const utc = `${new Date(at).toISOString().slice(0, 19).replace("T", " ")} UTC`;
    if (element.title !== utc)
      element.title = utc;
  }
}
