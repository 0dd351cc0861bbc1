// Shapes that the modules of the canvas share; types only.

/**
 * A thing on the canvas. A bubble stands for many.
 * @typedef {object} Spot
 * @property {string} id kind:value, or `part:` and the way of a bubble
 * @property {string} kind
 * @property {string} label defanged, nothing hidden
 * @property {string} name of the kind, for people
 * @property {string} icon
 * @property {string} phase place in the crime script, or empty
 * @property {string} cluster id of what it is the same as, or empty
 * @property {string[]} flags hub, shared, lives
 * @property {number} degree links in the whole map
 * @property {string} country alpha-2, or empty
 * @property {string} origin publisher of most of its lines
 * @property {string} tlp
 * @property {number} x
 * @property {number} y
 * @property {number} r radius at scale 1
 * @property {boolean} pinned
 * @property {number[]} [way] of a bubble
 * @property {number} [count] things in a bubble
 * @property {Record<string, number>} [kinds] in a bubble
 * @property {string} [part] id of the bubble out of which it came
 */

/**
 * A statement between two things.
 * @typedef {object} Line
 * @property {string} id
 * @property {Spot} a subject
 * @property {Spot} b object
 * @property {string} property
 * @property {string} label
 * @property {number} belief 0 to 1
 * @property {string} word the same in words
 * @property {string} verdict
 * @property {boolean} assessment
 * @property {number | null} first days since 1970, half-open
 * @property {number | null} last
 * @property {number} origins
 * @property {string} tlp
 * @property {boolean} simulated
 * @property {boolean} loose joins nothing
 * @property {number} bend how far parallel lines curve, 0 for a straight one
 * @property {number} [count] lines between two bubbles
 */

/**
 * What the server hands over: nodes, and lines that name them by their places.
 * @typedef {object} Piece
 * @property {any[]} nodes
 * @property {any[]} lines
 * @property {number} left_out
 */

/** @typedef {{x: number, y: number, k: number}} Transform */

export {};
