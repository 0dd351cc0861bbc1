// Small geometry: curves between two things, where they meet a disc, hulls, and what lies within a polygon.

/** @typedef {{x: number, y: number}} Point */
/** @typedef {import("./types.js").Line} Line */

const BOW = 26;

/** Control point of a line that bends. @param {Line} one @returns {Point} */
export function curve(one) {
  const [dx, dy] = [one.b.x - one.a.x, one.b.y - one.a.y];
  const far = Math.hypot(dx, dy) || 1;
  const out = one.bend * BOW * 2 * Math.min(1, far / 80);
  return { x: (one.a.x + one.b.x) / 2 - (dy / far) * out, y: (one.a.y + one.b.y) / 2 + (dx / far) * out };
}

/** The loop, above it, of a line that ties a thing to itself: its ends and control points (a cubic). @param {Line} one @returns {[Point, Point, Point, Point]} */
export function loop({ a, bend }) {
  const [wide, high] = [a.r * (2.2 + Math.abs(bend)), a.r * (3.2 + 1.4 * Math.abs(bend))];
  const [side, top] = [a.r * 0.55, a.y - a.r * 0.84];
  return [{ x: a.x - side, y: top }, { x: a.x - wide, y: a.y - high }, { x: a.x + wide, y: a.y - high }, { x: a.x + side, y: top }];
}

/** A point on a line. @param {Line} one @param {number} t 0 at the subject, 1 at the object @returns {Point} */
export function onCurve(one, t) {
  if (one.a === one.b) {
    const s = 1 - t;
    const parts = [s * s * s, 3 * s * s * t, 3 * s * t * t, t * t * t];
    const points = loop(one);
    return { x: parts.reduce((sum, part, at) => sum + part * points[at].x, 0), y: parts.reduce((sum, part, at) => sum + part * points[at].y, 0) };
  }
  if (!one.bend) return { x: one.a.x + (one.b.x - one.a.x) * t, y: one.a.y + (one.b.y - one.a.y) * t };
  const mid = curve(one);
  const s = 1 - t;
  return {
    x: s * s * one.a.x + 2 * s * t * mid.x + t * t * one.b.x,
    y: s * s * one.a.y + 2 * s * t * mid.y + t * t * one.b.y,
  };
}

/** Where a line ends before its object, and its direction there. @param {Line} one @param {number} gap */
export function trim(one, gap) {
  if (one.a === one.b) {
    const [, , from, to] = loop(one);
    const far = Math.hypot(to.x - from.x, to.y - from.y) || 1;
    return { x: to.x, y: to.y, dx: (to.x - from.x) / far, dy: (to.y - from.y) / far };
  }
  const from = one.bend ? curve(one) : one.a;
  const [dx, dy] = [one.b.x - from.x, one.b.y - from.y];
  const far = Math.hypot(dx, dy) || 1;
  return { x: one.b.x - (dx / far) * gap, y: one.b.y - (dy / far) * gap, dx: dx / far, dy: dy / far };
}

/** How far a point is from a line. @param {Line} one @param {Point} at */
export function distance(one, at) {
  const steps = one.bend || one.a === one.b ? 10 : 1;
  let [best, from] = [Infinity, onCurve(one, 0)];
  for (let step = 1; step <= steps; step++) {
    const to = onCurve(one, step / steps);
    best = Math.min(best, toSegment(at, from, to));
    from = to;
  }
  return best;
}

/** @param {Point} at @param {Point} one @param {Point} two */
function toSegment(at, one, two) {
  const [dx, dy] = [two.x - one.x, two.y - one.y];
  const long = dx * dx + dy * dy || 1;
  const t = Math.max(0, Math.min(1, ((at.x - one.x) * dx + (at.y - one.y) * dy) / long));
  return Math.hypot(at.x - one.x - t * dx, at.y - one.y - t * dy);
}

/** The convex hull of points, anticlockwise (Andrew 1979). @param {Point[]} points @returns {Point[]} */
export function hull(points) {
  const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
  if (sorted.length < 3) return sorted;
  const half = (/** @type {Point[]} */ run) => {
    const found = /** @type {Point[]} */ ([]);
    for (const one of run) {
      while (found.length > 1 && turn(found[found.length - 2], found[found.length - 1], one) <= 0) found.pop();
      found.push(one);
    }
    return found.slice(0, -1);
  };
  return [...half(sorted), ...half(sorted.reverse())];
}

/** @param {Point} a @param {Point} b @param {Point} c */
const turn = (a, b, c) => (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);

/** Whether a point lies within a polygon (even-odd). @param {Point} at @param {Point[]} polygon */
export function inside(at, polygon) {
  let found = false;
  for (let i = 0, j = polygon.length - 1; i < polygon.length; j = i++) {
    const [a, b] = [polygon[i], polygon[j]];
    if (a.y > at.y !== b.y > at.y && at.x < ((b.x - a.x) * (at.y - a.y)) / (b.y - a.y) + a.x) found = !found;
  }
  return found;
}

/** The box around things with their discs. @param {Iterable<{x: number, y: number, r: number}>} spots */
export function bounds(spots) {
  let [x0, y0, x1, y1] = [Infinity, Infinity, -Infinity, -Infinity];
  for (const one of spots) {
    x0 = Math.min(x0, one.x - one.r);
    y0 = Math.min(y0, one.y - one.r);
    x1 = Math.max(x1, one.x + one.r);
    y1 = Math.max(y1, one.y + one.r);
  }
  return x0 > x1 ? null : { x0, y0, x1, y1 };
}
