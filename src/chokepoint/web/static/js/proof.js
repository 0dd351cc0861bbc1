// Proofs checked where they are read: RFC 9162 (trees), C2SP signed-note, tlog-checkpoint and tlog-proof.
// Nothing here asks a server; every function throws where something does not hold.

const ascii = new TextEncoder();
const HASH = 32;

/** Bytes of standard base64 with padding, and of no other spelling. */
export function base64(text) {
  const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
  if (btoa(String.fromCharCode(...bytes)) !== text) throw new Error("not base64");
  return bytes;
}

export function hex(bytes) {
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function unhex(text) {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw new Error("not hexadecimal");
  return Uint8Array.from((text.match(/../g) ?? []).map((pair) => parseInt(pair, 16)));
}

function joined(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", joined(...parts)));
}

const same = (one, other) => one.length === other.length && one.every((byte, at) => byte === other[at]);
const half = (number) => Math.floor(number / 2);
const odd = (number) => number % 2 === 1;
const leaf = (data) => sha256(new Uint8Array([0]), data);
const node = (left, right) => sha256(new Uint8Array([1]), left, right);

function count(text) {
  if (!/^(?:0|[1-9][0-9]{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) throw new Error("not a number of records");
  return Number(text);
}

function hashes(lines) {
  if (lines.length > 63) throw new Error("more hashes than any log needs");
  return lines.map((line) => {
    const bytes = base64(line);
    if (bytes.length !== HASH) throw new Error("not a hash");
    return bytes;
  });
}

/** A leaf's hash stands at `index` of a tree of `size` leaves with this root (RFC 9162, 2.1.3.2). */
export async function included(found, index, size, path, root) {
  if (index >= size || found.length !== HASH || root.length !== HASH) throw new Error("outside the log");
  let [at, last, value] = [index, size - 1, found];
  for (const beside of path) {
    if (last === 0 || beside.length !== HASH) throw new Error("the path is too long");
    if (odd(at) || at === last) {
      value = await node(beside, value);
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      value = await node(value, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0 || !same(value, root)) throw new Error("the path does not lead to the tree head");
}

/** A tree of `size` leaves begins with the tree of `old` leaves (RFC 9162, 2.1.4.2). */
export async function consistent(old, size, path, before, root) {
  if (old > size || old === 0) throw new Error("the log is shorter than it was");
  if (old === size) {
    if (path.length || !same(before, root)) throw new Error("the tree head is another one");
    return;
  }
  const rest = Number.isInteger(Math.log2(old)) && (BigInt(old) & (BigInt(old) - 1n)) === 0n ? [before, ...path] : [...path];
  let [at, last] = [old - 1, size - 1];
  while (odd(at)) [at, last] = [half(at), half(last)];
  if (!rest.length) throw new Error("the proof is empty");
  let [then, now] = [rest[0], rest[0]];
  for (const beside of rest.slice(1)) {
    if (last === 0 || beside.length !== HASH) throw new Error("the proof is too long");
    if (odd(at) || at === last) {
      [then, now] = [await node(beside, then), await node(beside, now)];
      while (!odd(at) && at !== 0) [at, last] = [half(at), half(last)];
    } else {
      now = await node(now, beside);
    }
    [at, last] = [half(at), half(last)];
  }
  if (last !== 0 || !same(then, before) || !same(now, root)) throw new Error("the log was changed");
}

/** A verifier key: `name+id+key`. */
export async function readKey(text) {
  const [, name, id, packed] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text.trim()) ?? [];
  if (!name) throw new Error("not a verifier key");
  const bytes = base64(packed);
  if (bytes.length !== 33 || bytes[0] !== 1) throw new Error("not an Ed25519 key");
  const made = (await sha256(ascii.encode(`${name}\n`), bytes)).slice(0, 4);
  if (hex(made) !== id) throw new Error("the key does not fit its id");
  return { name, id: made, bytes: bytes.slice(1) };
}

/** The text of a signed note if the key has signed it. */
export async function signedText(note, key) {
  const gap = note.lastIndexOf("\n\n");
  if (gap < 0 || !note.endsWith("\n")) throw new Error("not a signed note");
  const text = note.slice(0, gap + 1);
  const wanted = await crypto.subtle.importKey("raw", key.bytes, { name: "Ed25519" }, false, ["verify"]);
  let held = false;
  for (const line of note.slice(gap + 2, -1).split("\n")) {
    const [, name, packed] = /^\u2014 (\S+) (\S+)$/.exec(line) ?? [];
    if (!name) throw new Error("not a line of a signature");
    const bytes = base64(packed);
    if (name !== key.name || !same(bytes.slice(0, 4), key.id)) continue;
    if (bytes.length !== 68 || !(await crypto.subtle.verify({ name: "Ed25519" }, wanted, bytes.slice(4), ascii.encode(text)))) {
      throw new Error("the signature does not hold");
    }
    held = true;
  }
  if (!held) throw new Error("the key has not signed it");
  return text;
}

/** Origin, size and tree head of a checkpoint's text. */
export function readCheckpoint(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] || !lines[0]) throw new Error("not a checkpoint");
  const root = base64(lines[2]);
  if (root.length !== HASH) throw new Error("not a tree head");
  return { origin: lines[0], size: count(lines[1]), root };
}

function above(text) {
  const gap = text.indexOf("\n\n");
  if (gap < 0) throw new Error("not a proof");
  return [text.slice(0, gap).split("\n"), text.slice(gap + 2)];
}

function field(lines, name) {
  const line = lines.shift() ?? "";
  if (!line.startsWith(`${name} `)) throw new Error(`the line '${name}' is missing`);
  return line.slice(name.length + 1);
}

/** A proof of a record taken apart; nothing of it is checked yet. */
export function readProof(text) {
  const [lines, note] = above(text);
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") throw new Error("not a proof of a record");
  const { body, salt } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(base64(field(lines, "extra"))));
  return { body, salt: unhex(salt), index: count(field(lines, "index")), path: hashes(lines), note };
}

/** What a log says to who saw `old` records of it: the hashes and the new checkpoint's note. */
export function readGrowth(text) {
  const [lines, note] = above(text);
  return { old: count(field(lines, "old")), path: hashes(lines), note };
}

/** The id of a record: HMAC-SHA-256 of its bytes under its salt. */
export async function recordId(body, salt) {
  const key = await crypto.subtle.importKey("raw", salt, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, ascii.encode(body)));
}

/** Check a proof step by step; `told(step)` is called after each one that holds. */
export async function checkProof(text, { key, record = "", told = (/** @type {string} */ _step) => {} }) {
  const proof = readProof(text);
  const id = await recordId(proof.body, proof.salt);
  if (record && !hex(id).startsWith(record.toLowerCase())) throw new Error("it is another record");
  told("bytes");
  const trusted = await readKey(key);
  const checkpoint = readCheckpoint(proof.note.slice(0, proof.note.lastIndexOf("\n\n") + 1));
  await included(await leaf(id), proof.index, checkpoint.size, proof.path, checkpoint.root);
  told("path");
  await signedText(proof.note, trusted);
  if (checkpoint.origin !== trusted.name) throw new Error("the checkpoint is of another log");
  told("signature");
  return { id: hex(id), checkpoint, body: proof.body };
}
