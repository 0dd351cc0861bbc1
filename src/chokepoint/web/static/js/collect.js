// Each file is sent on its own, one after the other: what has arrived is read to its end, whoever closes the page.
const form = /** @type {HTMLFormElement | null} */ (document.getElementById("collect"));
const list = document.getElementById("sent");

if (form) {
  const input = /** @type {HTMLInputElement} */ (form.querySelector('input[type="file"]'));
  const drop = /** @type {HTMLElement} */ (form.querySelector(".drop"));
  let waiting = Promise.resolve();
  let left = 0;

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    queue([...input.files]);
    input.value = "";
  });
  for (const kind of ["dragenter", "dragover"]) {
    drop.addEventListener(kind, (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
  }
  for (const kind of ["dragleave", "drop"]) drop.addEventListener(kind, () => drop.classList.remove("over"));
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    queue([...event.dataTransfer.files]);
  });
  addEventListener("beforeunload", (event) => {
    if (left) event.preventDefault();
  });

  // How to take them is what the form says at this moment, whatever is changed while they wait.
  function queue(files) {
    for (const file of files) {
      const given = new FormData(form);
      given.delete("file");
      given.append("file", file);
      const row = show(file);
      if (file.size > Number(form.dataset.largest)) {
        row.says(form.dataset.large);
        continue;
      }
      left += 1;
      waiting = waiting
        .then(() => send(given, row))
        .catch(() => row.says(form.dataset.broken))
        .finally(() => (left -= 1))
        .then(relist);
    }
  }

  // Once all have arrived, the list below tells of them too.
  async function relist() {
    const last = document.getElementById("last");
    if (!left) last.replaceWith(parsed(await (await fetch("/collect")).text()).getElementById("last"));
  }

  function show(file) {
    const item = document.createElement("li");
    const name = document.createElement("bdi");
    const bar = document.createElement("progress");
    const told = document.createElement("span");
    name.textContent = plain(file.name);
    bar.max = 1;
    bar.value = 0;
    bar.setAttribute("aria-label", name.textContent);
    told.textContent = form.dataset.waiting;
    item.append(name, bar, told);
    list.append(item);
    return { bar, says: (...parts) => told.replaceChildren(...parts) };
  }

  async function send(given, row) {
    row.says(form.dataset.sending);
    const answer = await upload(given, row);
    row.bar.value = 1;
    let page = answer.page;
    const problem = page.querySelector("main .problem");
    if (!answer.url.pathname.startsWith("/collect/")) return row.says(problem?.textContent ?? form.dataset.broken);
    row.says(link(answer.url, form.dataset.reading));
    while (["waiting", "reading"].includes(page.getElementById("account")?.dataset.state)) {
      await new Promise((after) => setTimeout(after, 2000));
      page = parsed(await (await fetch(answer.url)).text());
    }
    const told = page.getElementById("outcome") ?? page.querySelector("#account .problem");
    row.says(link(answer.url, told?.textContent ?? form.dataset.account));
  }
}

function upload(given, row) {
  return new Promise((done, broken) => {
    const request = new XMLHttpRequest();
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.bar.value = event.loaded / event.total;
    });
    request.addEventListener("load", () => done({ url: new URL(request.responseURL), page: parsed(request.responseText) }));
    request.addEventListener("error", broken);
    request.addEventListener("abort", broken);
    request.open("POST", "/collect");
    request.setRequestHeader("x-csrf-token", given.get("csrf"));
    request.send(given);
  });
}

function link(url, text) {
  const made = document.createElement("a");
  made.href = url.pathname;
  made.textContent = text;
  return made;
}

function parsed(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

// What hides or turns the writing round is named, as everywhere on the desk.
function plain(name) {
  return name.replace(/[\p{C}]/gu, (one) => `<U+${one.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}>`);
}
