// The part of MudBlazor's style sheet that the static pages need: 600 KB would be most of what a first visit loads.

/** Classes of the components that the static pages are made of. Every class of a selector must be among them for a rule to stay. */
const classes = /^mud-(layout|main-content|appbar(?!.*(bottom|-right|-left)).*|toolbar.*|container.*|paper(-outlined|-square)?|elevation-0|typography.*|chip(-(container|content|filled|text|outlined|size-(small|medium)|color-default))?|ltr|rtl)$/;

/** Splits a style sheet into its top-level rules: [prelude, block]. */
export function* rules(css) {
  for (let start = 0; start < css.length;) {
    const open = css.indexOf("{", start);
    const end = css.indexOf(";", start);
    if (open < 0)
      return;
    if (end >= 0 && end < open) { // @charset, @import
      start = end + 1;
      continue;
    }
    let depth = 1;
    let at = open + 1;
    for (; depth > 0 && at < css.length; at++) {
      if (css[at] === "{") depth++;
      else if (css[at] === "}") depth--;
    }
    yield [css.slice(start, open).trim(), css.slice(open + 1, at - 1)];
    start = at;
  }
}

/** Splits a selector list at its top-level commas. */
function selectors(prelude) {
  const parts = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i <= prelude.length; i++) {
    const c = prelude[i];
    if (c === "(" || c === "[") depth++;
    else if (c === ")" || c === "]") depth--;
    else if (i === prelude.length || (c === "," && depth === 0)) {
      parts.push(prelude.slice(start, i).trim());
      start = i + 1;
    }
  }
  return parts;
}

function wanted(selector) {
  const named = [...selector.matchAll(/\.(-?[_a-zA-Z][\w-]*)/g)].map(m => m[1]);
  return named.length > 0 && named.every(name => classes.test(name));
}

export function subset(css) {
  let kept = "";
  for (const [prelude, block] of rules(css.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\uFEFF/, ""))) {
    if (/^@(media|supports)/.test(prelude)) {
      const inner = subset(block);
      if (inner)
        kept += `${prelude}{${inner}}`;
    } else if (!prelude.startsWith("@")) {
      const list = selectors(prelude).filter(wanted);
      if (list.length > 0)
        kept += `${list.join(",")}{${block}}`;
    }
  }
  return kept;
}
