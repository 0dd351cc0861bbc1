// Passkeys: making one on the account page, signing in with one. Without this script the password remains.
const problem = document.getElementById("passkey-problem");

/** @param {string} path @param {string | undefined} token @param {unknown} [body] */
async function send(path, token, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json", "x-csrf-token": token ?? "" },
    body: JSON.stringify(body ?? {}),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

/** @param {HTMLElement} button */
async function add(button) {
  const { token } = button.dataset;
  const asked = await send("/account/passkeys/begin", token);
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(asked);
  const made = /** @type {PublicKeyCredential} */ (await navigator.credentials.create({ publicKey }));
  const label = /** @type {HTMLInputElement} */ (document.getElementById("passkey-label")).value;
  return send("/account/passkeys/finish", token, { answer: made.toJSON(), label });
}

/** @param {HTMLElement} button */
async function enter(button) {
  const { token } = button.dataset;
  const asked = await send("/sign-in/passkey/begin", token);
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(asked);
  const proof = /** @type {PublicKeyCredential} */ (await navigator.credentials.get({ publicKey }));
  const answer = await send("/sign-in/passkey/finish", token, proof.toJSON());
  return { next: button.dataset.next || answer.next };
}

/** @param {string} id @param {(button: HTMLElement) => Promise<{next: string}>} act */
function bind(id, act) {
  const button = document.getElementById(id);
  if (!button || !window.PublicKeyCredential?.parseCreationOptionsFromJSON) return;
  button.hidden = false;
  button.addEventListener("click", async () => {
    if (problem) problem.hidden = true;
    try {
      location.assign((await act(button)).next);
    } catch {
      if (problem) problem.hidden = false;
    }
  });
}

bind("add-passkey", add);
bind("passkey", enter);
