// Lucide's SVG files as path data for a canvas and as one sprite for pages.

/** The shapes of an icon as SVG path data on a 24 × 24 grid. */
export function paths(svg) {
  const found = [];
  for (const [, tag, text] of svg.matchAll(/<(path|circle|ellipse|rect|line|polyline|polygon)\s([^>]*?)\/?>/g)) {
    const at = Object.fromEntries([...text.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, k, v]) => [k, v]));
    found.push(SHAPES[tag](at));
  }
  if (!found.length) throw new Error(`no shapes in ${svg}`);
  return found.join("");
}

const SHAPES = {
  path: ({ d }) => absolute(d),
  circle: ({ cx, cy, r }) => round(+cx, +cy, +r, +r),
  ellipse: ({ cx, cy, rx, ry }) => round(+cx, +cy, +rx, +ry),
  line: ({ x1, y1, x2, y2 }) => `M${x1} ${y1}L${x2} ${y2}`,
  polyline: ({ points }) => `M${points.trim()}`,
  polygon: ({ points }) => `M${points.trim()}z`,
  rect: ({ x = 0, y = 0, width, height, rx, ry }) => box(+x, +y, +width, +height, +(rx ?? ry ?? 0)),
};

/** Path data that means the same behind other path data: its first step is not relative to that. */
function absolute(d) {
  const [whole, x, y] = d.match(/^\s*[mM]\s*(-?[\d.]+)[\s,]*(-?[\d.]+)\s*/);
  const rest = d.slice(whole.length);
  const implied = rest && !/^[a-zA-Z]/.test(rest) ? (d.trimStart()[0] === "m" ? "l" : "L") : "";
  return `M${x} ${y}${implied}${rest}`;
}

function round(cx, cy, rx, ry) {
  return `M${cx - rx} ${cy}a${rx} ${ry} 0 1 0 ${2 * rx} 0a${rx} ${ry} 0 1 0 ${-2 * rx} 0z`;
}

function box(x, y, w, h, r) {
  if (!r) return `M${x} ${y}h${w}v${h}h${-w}z`;
  const [across, down] = [w - 2 * r, h - 2 * r];
  const turn = (dx, dy) => `a${r} ${r} 0 0 1 ${dx} ${dy}`;
  return `M${x + r} ${y}h${across}${turn(r, r)}v${down}${turn(-r, r)}h${-across}${turn(-r, -r)}v${-down}${turn(r, -r)}z`;
}

/** An ES module: icon name → path data. */
export function iconModule(drawn) {
  const rows = Object.entries(drawn).map(([name, svg]) => `  ${JSON.stringify(name)}: ${JSON.stringify(paths(svg))},`);
  return `// Lucide icons (ISC): path data on a 24 × 24 grid, to be stroked 2 wide with round caps and joins.\nexport const icons = {\n${rows.join("\n")}\n};\n`;
}

/** A sprite, used as `<svg class="icon"><use href="icons.svg#NAME"/></svg>`. */
export function iconSprite(drawn) {
  const rows = Object.entries(drawn).map(
    ([name, svg]) =>
      `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" ` +
      `stroke-linecap="round" stroke-linejoin="round"><path d="${paths(svg)}"/></symbol>`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg">\n${rows.join("\n")}\n</svg>\n`;
}
