// Writes the web desk's libraries from npm packages of exact version and hash (see package-lock.json).
//   node build.mjs [OUT]     OUT: the folder that holds src/ and tests/ (default: the repository)
// The same packages give the same bytes; OUT/src/chokepoint/web/static/vendor/manifest.json records them.
import { createHash } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { iconModule, iconSprite } from "./icons.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const out = resolve(process.argv[2] ?? join(here, ".."));
const vendor = join(out, "src/chokepoint/web/static/vendor");
const fonts = join(out, "src/chokepoint/web/static/fonts");
const beside = join(out, "tests/web/vendor");

/** Bundles: file name → packages whose code stands in it. */
const BUNDLES = {
  "d3-force.js": ["d3-dispatch", "d3-force", "d3-quadtree", "d3-timer"],
  "d3-quadtree.js": ["d3-quadtree"],
  "d3-zoom.js": [
    "d3-color", "d3-dispatch", "d3-drag", "d3-ease", "d3-interpolate", "d3-selection", "d3-timer",
    "d3-transition", "d3-zoom",
  ],
  "world.js": ["d3-array", "d3-geo", "internmap", "topojson-client", "world-atlas"],
};

/** Fonts: script → weights that the desk's type is set in. */
const FONTS = { arabic: [400, 600], thai: [400, 600] };

const lock = JSON.parse(await readFile(join(here, "package-lock.json"), "utf8")).packages;
const about = {};
const files = {};

await mkdir(join(vendor, "licences"), { recursive: true });
await mkdir(beside, { recursive: true });
await mkdir(fonts, { recursive: true });
for (const [name, packages] of Object.entries(BUNDLES)) {
  await keep(vendor, name, await bundle(join(here, "entries", name)), packages);
}
const icons = (await readFile(join(here, "icons.txt"), "utf8")).split("\n").filter(Boolean);
const drawn = {};
for (const icon of icons) drawn[icon] = await readFile(from("lucide-static", `icons/${icon}.svg`), "utf8");
await keep(vendor, "icons.js", iconModule(drawn), ["lucide-static"]);
await keep(vendor, "icons.svg", iconSprite(drawn), ["lucide-static"]);
await keep(vendor, "htmx.js", await readFile(from("htmx.org", "dist/htmx.min.js"), "utf8"), ["htmx.org"]);
for (const [script, weights] of Object.entries(FONTS)) {
  const name = `@fontsource/noto-sans-${script}`;
  for (const weight of weights) {
    const made = await readFile(from(name, `files/noto-sans-${script}-${script}-${weight}-normal.woff2`));
    await keep(fonts, `noto-sans-${script}-${weight}.woff2`, made, [name]);
  }
}
await keep(beside, "axe.min.js", await readFile(from("axe-core", "axe.min.js"), "utf8"), ["axe-core"]);
await licences();
const manifest = { packages: sorted(about), files: sorted(files) };
await writeFile(join(vendor, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);

/** One ES module of an entry and all that it imports. */
async function bundle(entry) {
  const made = await build({
    entryPoints: [entry], bundle: true, minify: true, format: "esm", target: "es2022", charset: "utf8",
    legalComments: "none", write: false, nodePaths: [join(here, "node_modules")], absWorkingDir: here,
  });
  return made.outputFiles[0].text;
}

/** Write a file and note its hash and where it is from. */
async function keep(folder, name, content, packages) {
  await writeFile(join(folder, name), content);
  files[name] = { sha256: createHash("sha256").update(content).digest("hex"), packages };
  for (const one of packages) {
    const { version, integrity, license } = lock[`node_modules/${one}`];
    about[one] = { version, licence: license, integrity };
  }
}

/** The licence of each package beside its code. */
async function licences() {
  for (const one of Object.keys(about)) {
    const font = one.startsWith("@fontsource/");
    const folder = one === "axe-core" ? beside : font ? fonts : join(vendor, "licences");
    await writeFile(join(folder, `${basename(one)}.txt`), await readFile(from(one, "LICENSE"), "utf8"));
  }
}

function from(name, path) {
  return join(here, "node_modules", name, path);
}

function sorted(table) {
  return Object.fromEntries(Object.entries(table).sort(([a], [b]) => (a < b ? -1 : 1)));
}
