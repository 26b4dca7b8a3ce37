// The small line of a card from its text, exactly as the server draws it (SparkLine.cs): the target's level, then one level a column, a space for a gap.

const levels = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

export function targetLevel(line: string): number {
  return line === "" ? 0 : levels.indexOf(line[0]!);
}

/** SVG path data of the line, or of the area under it. */
export function path(line: string, area: boolean): string {
  let data = "";
  let level = -1; // of the column before; −1 in a gap
  for (let column = 1; column <= line.length; column++) {
    const next = column < line.length ? levels.indexOf(line[column]!) : -1;
    if (level < 0 && next >= 0) {
      data += area ? `M${column - 1} ${levels.length}V${next}` : `M${column - 1} ${next}`;
      data += column + 1 < line.length && line[column + 1] !== " " ? "l" : "h0";
    } else if (level >= 0 && next >= 0) {
      const step = next - level;
      data += `${data.endsWith("l") ? "" : " "}1${step < 0 ? "" : " "}${step}`;
    } else if (level >= 0 && area) {
      data += `V${levels.length}z`;
    }
    level = next;
  }
  return data;
}
