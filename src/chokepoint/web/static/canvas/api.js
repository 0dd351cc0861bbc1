// Questions to the server. Names travel in bodies, never in addresses, which logs and histories keep.

const ROOT = "/api/v1/map";
let token = "";

/** @param {string} given against forgery */
export const useToken = (given) => (token = given);

/** What the server refused, in its words where it has some. */
export class Refused extends Error {
  /** @param {number} status @param {string} reason */
  constructor(status, reason) {
    super(reason);
    this.status = status;
  }
}

/** @param {string} path @param {unknown} [body] @returns {Promise<Response>} */
async function ask(path, body) {
  const answer = await fetch(ROOT + path, {
    method: body === undefined ? "GET" : "POST",
    headers: body === undefined ? {} : { "content-type": "application/json", "x-csrf-token": token },
    body: body === undefined ? undefined : JSON.stringify(body),
    credentials: "same-origin",
  });
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => ({}));
  throw new Refused(answer.status, told.reason ?? "");
}

/** @param {string} path @param {unknown} [body] */
const json = async (path, body) => (await ask(path, body)).json();

export const piece = (/** @type {string[]} */ names) => json("/piece", { names });
export const branches = (/** @type {string} */ name) => json("/branches", { name });
export const overview = (/** @type {number[]} */ way) => json("/overview", { way });
export const connect = (/** @type {string} */ start, /** @type {string} */ goal) => json("/path", { start, goal });
export const savedViews = () => json("/views");
export const openView = (/** @type {string} */ id) => json(`/views/${encodeURIComponent(id)}`);
export const saveView = (/** @type {any} */ view) => json("/views", view);

/** @param {{name: string, property: string, backward: boolean, beside: string[], most: number}} wish */
export const expand = (wish) => json("/expand", wish);

/** A file made by the server's export, so that markings hold. @param {{form: string, names: string[], tlp: string}} wish */
export async function exported(wish) {
  const answer = await ask("/export", wish);
  return { blob: await answer.blob(), leftOut: Number(answer.headers.get("x-left-out") ?? 0) };
}

/** @type {Promise<Record<string, string>> | null} */
let numbers = null;
/** Alpha-2 codes to the numbers that the map's shapes have. @returns {Promise<Record<string, string>>} */
export const countryNumbers = () => (numbers ??= json("/countries"));
