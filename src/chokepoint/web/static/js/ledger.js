// The ledger's page: a record proved in this browser, and the log held to what this browser saw before.
import { checkProof, consistent, hex, readCheckpoint, readGrowth, readKey, signedText } from "./proof.js";

const KEPT = "chokepoint-ledger";
const form = /** @type {HTMLFormElement} */ (document.getElementById("prove"));
const asked = /** @type {HTMLInputElement} */ (form.elements.namedItem("record"));
const outcome = part("outcome");
const body = part("record-body");
const key = /** @type {HTMLInputElement} */ (document.getElementById("key"));
const kept = JSON.parse(localStorage.getItem(KEPT) ?? "null");

/** An element that the page always has. @param {string} id @returns {HTMLElement} */
function part(id) {
  return /** @type {HTMLElement} */ (document.getElementById(id));
}

/** @param {HTMLElement} line @param {string | undefined} words @param {boolean} [fails] */
function tell(line, words, fails = false) {
  line.hidden = false;
  line.classList.toggle("fails", fails);
  line.textContent = words ?? "";
}

// Like a witness: the log must be a continuation of the checkpoint that was seen last.
async function watch() {
  const line = part("growth");
  const words = part("growth-words").dataset;
  if (kept && kept.key !== key.value) return tell(line, words.key, true);
  try {
    const trusted = await readKey(key.value);
    const since = kept?.size ?? 0;
    const growth = readGrowth(await (await fetch(`/ledger/growth?since=${since}`)).text());
    const now = readCheckpoint(await signedText(growth.note, trusted));
    if (now.origin !== trusted.name || growth.old !== since) throw new Error("another log");
    const before = kept && Uint8Array.from(kept.root.match(/../g).map((/** @type {string} */ pair) => parseInt(pair, 16)));
    if (since) await consistent(since, now.size, growth.path, before, now.root);
    localStorage.setItem(KEPT, JSON.stringify({ key: key.value, size: now.size, root: hex(now.root) }));
    tell(line, !since ? words.first : now.size === since ? words.same : words.grown);
  } catch {
    tell(line, words.broken, true);
  }
}

async function prove() {
  const lines = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("#steps li"));
  const steps = new Map([...lines].map((one) => [one.dataset.step, one]));
  for (const one of steps.values()) one.className = "";
  part("steps").hidden = false;
  body.hidden = true;
  const record = asked.value.trim();
  const answer = await fetch(`/ledger/proof?record=${encodeURIComponent(record)}`);
  if (!answer.ok) return tell(outcome, answer.status === 403 ? form.dataset.blind : form.dataset.none, true);
  try {
    const found = await checkProof(await answer.text(), {
      key: key.value,
      record,
      told: (step) => steps.get(step)?.classList.add("holds"),
    });
    tell(outcome, `${outcome.dataset.holds} ${found.id}`);
    body.textContent = JSON.stringify(JSON.parse(found.body), null, 2).replace(
      /[\u00ad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/g,
      (c) => `<U+${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}>`,
    );
    body.hidden = false;
  } catch (error) {
    [...steps.values()].find((one) => !one.classList.contains("holds"))?.classList.add("fails");
    tell(outcome, `${outcome.dataset.fails} ${error instanceof Error ? error.message : ""}`, true);
  }
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  prove();
});
watch();
if (asked.value) prove();
