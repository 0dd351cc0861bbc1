// The map of the world: things by country, in a rosette on it; what no source places stands below.
import { countryNumbers } from "./api.js";
import { colours, FONT } from "./theme.js";
import { say } from "./words.js";

/** @typedef {import("./types.js").Spot} Spot */

const [WIDE, HIGH] = [1500, 735];
const ANTARCTICA = "010";

/** @param {Spot[]} spots */
export async function onWorld(spots) {
  const [world, numbers] = await Promise.all([import("../vendor/world.js"), countryNumbers()]);
  const projection = /** @type {any} */ (world.geoNaturalEarth1()).fitSize([WIDE, HIGH], { type: "FeatureCollection", features: world.countries.filter((/** @type {any} */ one) => one.id !== ANTARCTICA) });
  const path = world.geoPath(projection);
  const lands = world.countries.filter((/** @type {any} */ one) => one.id !== ANTARCTICA);
  const shapes = lands.map((/** @type {any} */ one) => new Path2D(path(one) ?? ""));
  const middle = new Map(lands.map((/** @type {any} */ one) => [one.id, projection(centre(world, one))]));
  /** @type {Map<string, Spot[]>} */
  const by = new Map();
  for (const one of spots) {
    const at = middle.has(numbers[one.country]) ? one.country : "";
    by.set(at, [...(by.get(at) ?? []), one]);
  }
  const places = new Map();
  for (const [country, held] of by) {
    const [x, y] = country ? middle.get(numbers[country]) : [0, 0];
    held.forEach((one, at) => places.set(one, country ? rosette(x, y, at) : row(at, held.length)));
  }
  return { places, ground: ground(shapes, Boolean(by.get(""))), muted: new Set(by.get("") ?? []) };
}

/** The middle of the largest part, so that France is not in the Atlantic. @param {any} world @param {any} country */
function centre(world, country) {
  const { type, coordinates } = country.geometry;
  if (type !== "MultiPolygon") return world.geoCentroid(country);
  const parts = coordinates.map((/** @type {any} */ part) => ({ type: "Polygon", coordinates: part }));
  const size = (/** @type {any} */ part) => part.coordinates[0].length;
  return world.geoCentroid(parts.reduce((/** @type {any} */ a, /** @type {any} */ b) => (size(b) > size(a) ? b : a)));
}

/** @param {number} x @param {number} y @param {number} at */
function rosette(x, y, at) {
  const far = 13 * Math.sqrt(at) * 1.55;
  return { x: x + far * Math.cos(at * 2.399963), y: y + far * Math.sin(at * 2.399963) };
}

/** @param {number} at @param {number} count */
function row(at, count) {
  const across = Math.max(20, Math.ceil(Math.sqrt(count * 9)));
  return { x: WIDE / 2 + ((at % across) - (Math.min(across, count) - 1) / 2) * (WIDE / (across + 1)), y: HIGH + 128 + Math.floor(at / across) * 52 };
}

/** @param {Path2D[]} shapes @param {boolean} unplaced */
function ground(shapes, unplaced) {
  const draw = (/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ k) => {
    context.fillStyle = colours.land;
    context.strokeStyle = colours.paper;
    context.lineWidth = Math.min(1 / k, 2);
    for (const shape of shapes) {
      context.fill(shape);
      context.stroke(shape);
    }
    if (!unplaced) return;
    context.fillStyle = colours.quiet;
    context.font = `600 ${Math.min(14 / k, 34)}px ${FONT}`;
    context.textAlign = "center";
    context.textBaseline = "middle";
    context.fillText(say("unplaced"), WIDE / 2, HIGH + 42);
  };
  return Object.assign(draw, { top: 0 });
}
