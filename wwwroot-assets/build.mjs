// Builds Dashboard.Web/wwwroot from this folder: the same input gives the same bytes, so that CI can rebuild and compare.
import { build } from "esbuild";
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { subset } from "./mud-subset.mjs";

const here = import.meta.dirname;
const out = join(here, "../Dashboard.Web/wwwroot");

/** The dark tokens once for a reader who chose dark, once for one whose system prefers it; never on paper. */
function themed(tokens) {
  const dark = tokens.match(/\[data-theme="dark"\] \{([^}]*)\}/);
  if (!dark)
    throw new Error("css/tokens.css has no [data-theme=\"dark\"] block.");
  return tokens.replace(dark[0], `
    @media screen { :root[data-theme="dark"] { color-scheme: dark; ${dark[1]} } }
    @media screen and (prefers-color-scheme: dark) { :root:not([data-theme]) { color-scheme: dark; ${dark[1]} } }`);
}

/** MudBlazor's own style sheet, as restored by NuGet in the version that the solution pins. */
function mudBlazorCss() {
  const version = readFileSync(join(here, "../Directory.Packages.props"), "utf8").match(/"MudBlazor" Version="([^"]+)"/)[1];
  const packages = process.env.NUGET_PACKAGES ?? join(homedir(), ".nuget/packages");
  return readFileSync(join(packages, "mudblazor", version, "staticwebassets/MudBlazor.min.css"), "utf8");
}

for (const folder of ["css", "js", "fonts"])
  rmSync(join(out, folder), { recursive: true, force: true });
mkdirSync(join(out, "fonts"), { recursive: true });

for (const [font, family] of [["inter", "inter"], ["jetbrains-mono", "jetbrains-mono"]])
  for (const range of ["latin", "latin-ext"])
    cpSync(join(here, `node_modules/@fontsource-variable/${family}/files/${font}-${range}-wght-normal.woff2`), join(out, `fonts/${font}-${range}.woff2`));
cpSync(join(here, "node_modules/@fontsource-variable/inter/LICENSE"), join(out, "fonts/inter-LICENSE.txt"));
cpSync(join(here, "node_modules/@fontsource-variable/jetbrains-mono/LICENSE"), join(out, "fonts/jetbrains-mono-LICENSE.txt"));
for (const icon of ["favicon", "favicon-met", "favicon-risk", "favicon-missed", "favicon-unknown"])
  cpSync(join(here, `icons/${icon}.svg`), join(out, `${icon}.svg`));

const common = { bundle: true, minify: true, legalComments: "none", target: ["chrome111", "firefox113", "safari16.4"], logLevel: "warning" };

await build({
  ...common,
  entryPoints: [join(here, "css/dashboard.css")],
  outfile: join(out, "css/dashboard.css"),
  external: ["../fonts/*"],
  plugins: [{
    name: "tokens",
    setup(bundler) {
      bundler.onLoad({ filter: /tokens\.css$/ }, file => ({ contents: themed(readFileSync(file.path, "utf8")), loader: "css" }));
    },
  }],
});

writeFileSync(join(out, "css/mudblazor-static.css"), subset(mudBlazorCss()));

await build({
  ...common,
  entryPoints: ["boot", "shell", "scorecard"].map(name => join(here, `js/${name}.ts`)),
  outdir: join(out, "js"),
  format: "iife",
});
