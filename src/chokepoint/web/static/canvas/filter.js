// Which things and lines are shown: not hidden, within the interval, believed enough.

/** @typedef {import("./types.js").Spot} Spot */
/** @typedef {import("./types.js").Line} Line */

/**
 * Whether a line was observed within an interval; one without a day always is.
 * @param {Line} line
 * @param {[number, number] | null} interval
 */
export function within(line, interval) {
  if (!interval || (line.first === null && line.last === null)) return true;
  const start = line.first ?? -Infinity;
  const end = line.last ?? Infinity;
  return start <= interval[1] && end > interval[0];
}

/**
 * @param {import("./model.js").Model} model
 * @returns {{spots: Spot[], lines: Line[]}} a thing all of whose lines are filtered out goes with them
 */
export function shownOf(model) {
  const lines = [];
  const [held, lost] = [new Set(), new Set()];
  for (const one of model.lines.values()) {
    if (model.hidden.has(one.a.id) || model.hidden.has(one.b.id)) continue;
    const kept = within(one, model.interval) && one.belief >= model.leastBelief;
    if (kept) lines.push(one);
    for (const end of [one.a, one.b]) (kept ? held : lost).add(end);
  }
  const spots = [];
  for (const one of model.spots.values()) {
    if (!model.hidden.has(one.id) && (held.has(one) || !lost.has(one) || one.pinned)) spots.push(one);
  }
  return { spots, lines };
}

/** First and last day that any line names; null where none does. @param {Iterable<Line>} lines @returns {[number, number] | null} */
export function extent(lines) {
  let [low, high] = [Infinity, -Infinity];
  for (const one of lines) {
    const [start, end] = [one.first ?? one.last, one.last ?? one.first];
    if (start === null || end === null) continue;
    low = Math.min(low, start);
    high = Math.max(high, end);
  }
  return low <= high ? [low, high] : null;
}
