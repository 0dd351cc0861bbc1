// The force layout, away from the page so that it never waits: columns in, places out.
import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY } from "../vendor/d3-force.js";

const STEPS = 280;
const EVERY = 90;

/**
 * @typedef {object} Wish
 * @property {number} run
 * @property {Float32Array} places x, y of each
 * @property {Float32Array} radius
 * @property {Uint8Array} fixed
 * @property {Int32Array} links pairs
 * @property {Int32Array} groups number of the group of each, -1 for none
 * @property {Int32Array} parts the same for those that stay together whatever things are grouped by
 * @property {boolean} grouped whether groups count more than ties
 * @property {number} aspect of the room, width to height
 * @property {boolean} gentle whether things stay about where they are
 */

let latest = 0;

addEventListener("message", ({ data }) => {
  latest = data.run;
  start(data);
});

/** @param {Wish} wish */
function start(wish) {
  const count = wish.radius.length;
  const nodes = Array.from({ length: count }, (_, at) => {
    const [x, y] = [wish.places[2 * at], wish.places[2 * at + 1]];
    return wish.fixed[at] ? { x, y, fx: x, fy: y } : { x, y };
  });
  const links = [];
  for (let at = 0; at < wish.links.length; at += 2) links.push({ source: wish.links[at], target: wish.links[at + 1] });
  const simulation = forceSimulation(nodes).stop();
  const reach = count > 2000 ? 24 : count > 400 ? 44 : 76;
  simulation
    .force("links", forceLink(links).distance((/** @type {any} */ one) => reach + wish.radius[one.source.index] + wish.radius[one.target.index]))
    .force("apart", /** @type {any} */ (forceManyBody()).strength((/** @type {any} */ _, /** @type {number} */ at) => -(count > 2000 ? 60 : 300) - 6 * wish.radius[at]).theta(count > 2000 ? 1.3 : 0.9).distanceMax(900))
    .force("room", forceCollide((/** @type {any} */ _, /** @type {number} */ at) => wish.radius[at] + (count > 2000 ? 3 : 11)).iterations(count > 2000 ? 1 : 2))
    .force("x", forceX(0).strength(0.058 / wish.aspect))
    .force("y", forceY(0).strength(0.058 * wish.aspect))
    .alphaDecay(1 - 0.001 ** (1 / STEPS));
  if (wish.grouped) {
    simulation.force("groups", together(nodes, wish.groups));
    simulation.force("links").strength(0.08);
  }
  if (!wish.grouped && wish.parts.some((one) => one >= 0)) simulation.force("parts", together(nodes, wish.parts));
  if (wish.gentle) simulation.alpha(0.35);
  tick({ simulation, nodes, run: wish.run, told: performance.now() });
}

/** Pull the members of a group towards their middle. @param {any[]} nodes @param {Int32Array} groups */
function together(nodes, groups) {
  const count = Math.max(...groups) + 1;
  return (/** @type {number} */ alpha) => {
    const sums = Array.from({ length: count }, () => [0, 0, 0]);
    nodes.forEach((one, at) => {
      if (groups[at] < 0) return;
      const sum = sums[groups[at]];
      sum[0] += one.x;
      sum[1] += one.y;
      sum[2] += 1;
    });
    nodes.forEach((one, at) => {
      if (groups[at] < 0) return;
      const [x, y, n] = sums[groups[at]];
      one.vx += (x / n - one.x) * 0.7 * alpha;
      one.vy += (y / n - one.y) * 0.7 * alpha;
    });
  };
}

/** Go on for a while, tell, and let other messages in. @param {any} state */
function tick(state) {
  if (state.run !== latest) return;
  const until = performance.now() + 40;
  while (performance.now() < until && state.simulation.alpha() > 0.001) state.simulation.tick();
  const done = state.simulation.alpha() <= 0.001;
  if (done || performance.now() - state.told > EVERY) {
    state.told = performance.now();
    const places = new Float32Array(state.nodes.length * 2);
    state.nodes.forEach((/** @type {any} */ one, /** @type {number} */ at) => places.set([one.x, one.y], 2 * at));
    postMessage({ run: state.run, places, done }, { transfer: [places.buffer] });
  }
  if (!done) setTimeout(() => tick(state));
}
