// Things as discs with the icon of their kind, drawn once and then copied.
import { icons } from "../vendor/icons.js";
import { colours, FONT, phaseColour } from "./theme.js";
import { number } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */

const TLP = /** @type {Record<string, string>} */ ({
  "TLP:GREEN": "#33ff00", "TLP:AMBER": "#ffc000", "TLP:AMBER+STRICT": "#ffc000", "TLP:RED": "#ff4d66",
});
/** @type {Map<string, HTMLCanvasElement>} */
const sprites = new Map();
/** @type {Map<string, Path2D>} */
const shapes = new Map();

/** Forget what was drawn in other colours. */
export const forgetSprites = () => sprites.clear();

/** @param {string} name */
export function iconPath(name) {
  let path = shapes.get(name);
  if (!path) {
    path = new Path2D(/** @type {Record<string, string>} */ (icons)[name] ?? icons["circle-help"]);
    shapes.set(name, path);
  }
  return path;
}

/**
 * Draw things, far away as plain dots, and the small marks on them where these can be read.
 * @param {CanvasRenderingContext2D} context in map coordinates
 * @param {Iterable<Spot>} spots
 * @param {{k: number, ratio: number, dot: number, faded: (one: Spot) => boolean}} how dot: radius on the screen below which a thing is a plain dot
 */
export function drawNodes(context, spots, how) {
  /** @type {Map<string, Spot[]>} */
  const dots = new Map();
  for (const one of spots) {
    const faded = how.faded(one);
    if (one.r * how.k < how.dot && !one.count) {
      const key = `${faded ? 0.25 : 0.9}|${phaseColour(one.phase)}`;
      const same = dots.get(key);
      if (same) same.push(one);
      else dots.set(key, [one]);
      continue;
    }
    context.globalAlpha = faded ? 0.22 : 1;
    const sprite = spriteOf(one, how.k * how.ratio);
    const wide = (one.r + 4) * 2;
    context.drawImage(sprite, one.x - wide / 2, one.y - wide / 2, wide, wide);
    if (one.r * how.k >= 9) marks(context, one, how.k);
  }
  for (const [key, same] of dots) drawDots(context, same, key);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Spot[]} spots @param {string} key */
function drawDots(context, spots, key) {
  const [alpha, colour] = key.split("|");
  context.globalAlpha = Number(alpha);
  context.fillStyle = colour;
  if (spots.length > 800) {
    for (const { x, y, r } of spots) context.fillRect(x - 0.8 * r, y - 0.8 * r, 1.6 * r, 1.6 * r);
    return;
  }
  context.beginPath();
  for (const { x, y, r } of spots) {
    context.moveTo(x + 0.8 * r, y);
    context.arc(x, y, 0.8 * r, 0, 2 * Math.PI);
  }
  context.fill();
}

/** A disc of one kind, size and look. @param {Spot} one @param {number} scale pixels a unit */
function spriteOf(one, scale) {
  const steps = Math.max(0.5, 2 ** (Math.ceil(Math.log2(scale) * 2) / 2));
  const r = Math.round(one.r);
  const shared = one.flags.includes("shared") || one.flags.includes("hub");
  const key = `${one.icon}|${one.phase}|${r}|${steps}|${shared}|${Boolean(one.count)}`;
  let made = sprites.get(key);
  if (!made) {
    if (sprites.size > 900) sprites.clear();
    made = paint(one, { r, scale: Math.min(steps, 6), shared });
    sprites.set(key, made);
  }
  return made;
}

/** @param {Spot} one @param {{r: number, scale: number, shared: boolean}} how */
function paint(one, how) {
  const size = (how.r + 4) * 2;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = Math.ceil(size * how.scale);
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.scale(canvas.width / size, canvas.width / size);
  paintDisc(context, one, { x: size / 2, y: size / 2, r: how.r, shared: how.shared });
  return canvas;
}

/**
 * A disc with its icon, also into a picture that is exported.
 * @param {CanvasRenderingContext2D} context
 * @param {Spot} one
 * @param {{x: number, y: number, r: number, shared: boolean}} at
 */
export function paintDisc(context, one, at) {
  const colour = phaseColour(one.phase);
  context.beginPath();
  context.arc(at.x, at.y, at.r, 0, 2 * Math.PI);
  context.fillStyle = colours.raised;
  context.fill();
  context.globalAlpha = one.count ? 0.16 : at.shared ? 0.06 : 0.14;
  context.fillStyle = colour;
  context.fill();
  context.globalAlpha = at.shared ? 0.6 : 1;
  context.strokeStyle = at.shared ? colours.quiet : colour;
  context.lineWidth = one.count ? 1.2 : 1.5;
  if (at.shared) context.setLineDash([3, 2.4]);
  context.stroke();
  context.setLineDash([]);
  if (one.count) context.globalAlpha = 0.9;
  drawIcon(context, one.icon, { x: at.x, y: at.y - (one.count ? at.r * 0.22 : 0), size: at.r * (one.count ? 0.62 : 1.12), colour });
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {string} name @param {{x: number, y: number, size: number, colour: string}} at */
function drawIcon(context, name, at) {
  context.save();
  context.translate(at.x - at.size / 2, at.y - at.size / 2);
  context.scale(at.size / 24, at.size / 24);
  context.strokeStyle = at.colour;
  context.lineWidth = 2;
  context.lineCap = context.lineJoin = "round";
  context.stroke(iconPath(name));
  context.restore();
}

/** A bubble's count, a pin, a marking above CLEAR. @param {CanvasRenderingContext2D} context @param {Spot} one @param {number} k */
function marks(context, one, k) {
  if (one.count && one.r * k > 15) {
    context.fillStyle = colours.ink;
    context.font = `600 ${Math.max(9 / k, one.r * 0.34)}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(number(one.count), one.x, one.y + one.r * 0.4);
  }
  if (one.pinned) dot(context, one.x + one.r * 0.72, one.y - one.r * 0.72, { r: 3.4, fill: colours.accent, ring: colours.paper });
  const label = TLP[one.tlp];
  if (label) dot(context, one.x + one.r * 0.72, one.y + one.r * 0.72, { r: 3.6, fill: label, ring: "#000" });
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {{r: number, fill: string, ring: string}} look */
function dot(context, x, y, look) {
  context.beginPath();
  context.arc(x, y, look.r, 0, 2 * Math.PI);
  context.fillStyle = look.fill;
  context.fill();
  context.strokeStyle = look.ring;
  context.lineWidth = 1.4;
  context.stroke();
}
