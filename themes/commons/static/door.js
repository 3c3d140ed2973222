// Ticks at the door outlive a bad network: each is shown at once, kept in this browser, and sent as soon as it can be.
// The page itself is kept by a worker, so that it opens without any network, too. Without this file each tick is a form.

const path = location.pathname, KEY = `door ${path}`, RETRY = 15_000, PATIENCE = 10_000;
const forms = [...document.querySelectorAll(".door form")];
const note = document.querySelector("[data-unsent]"), count = document.querySelector("[data-count]");
const search = document.querySelector(".door-search"), print = document.querySelector("[data-print]");
let kept = read(), sending = false, refused = false, token = forms[0]?.elements.form_token.value;

function read() {
  try { return JSON.parse(localStorage.getItem(KEY)) ?? {}; } catch { return {}; }
}

function keep() {
  try {
    Object.keys(kept).length ? localStorage.setItem(KEY, JSON.stringify(kept)) : localStorage.removeItem(KEY);
  } catch { /* a browser that keeps nothing: the ticks live as long as the page */ }
}

function show(form, here) {
  const button = form.querySelector(".tick-off");
  button.classList.toggle("is-here", here);
  button.setAttribute("aria-pressed", here);
  button.value = here ? "no" : "yes";
  button.querySelector(".box").textContent = here ? "✓" : "";
  button.querySelector(".undo").hidden = !here;
}

function tell() {
  const here = forms.filter(form => form.querySelector(".is-here")).reduce((sum, form) => sum + Number(form.dataset.people), 0);
  count.textContent = count.dataset.count.replace("{here}", here);
  const unsent = Object.keys(kept).length;
  note.hidden = !unsent;
  note.querySelector("span").textContent = (refused ? note.dataset.refused : note.dataset.unsent).replace("{number}", unsent);
}

async function post(answer, { here, at }) {
  const body = new URLSearchParams({ form_token: token, answer, here: here ? "yes" : "no", at });
  return fetch(path, { method: "POST", body, redirect: "manual", signal: AbortSignal.timeout(PATIENCE) });
}

async function renewed() {
  const page = await fetch(path, { cache: "no-store", signal: AbortSignal.timeout(PATIENCE) });
  const found = page.ok && new DOMParser().parseFromString(await page.text(), "text/html").querySelector(".door [name=form_token]");
  refused = !found;
  if (found) token = found.value;
  return !refused;
}

async function send() {
  if (sending) return;
  sending = true;
  try {
    for (const [answer, tick] of Object.entries(kept)) {
      let reply = await post(answer, tick);
      if ([401, 403].includes(reply.status) && await renewed()) reply = await post(answer, tick);
      if (reply.type !== "opaqueredirect" && reply.status !== 404) break;
      refused = false;
      if (kept[answer] === tick) delete kept[answer];
      keep();
    }
  } catch { /* no network: later */ }
  sending = false;
  tell();
}

async function keepPage() {
  await navigator.serviceWorker.register(path.replace(/check-in$/, "door.js"), { scope: path });
  const parts = [...document.querySelectorAll("link[rel=stylesheet], script[src], use")];
  const shelf = await caches.open("door");
  for (const part of new Set([path, ...parts.map(one => (one.href?.baseVal ?? one.href ?? one.src).split("#")[0])])) {
    const found = await fetch(part);  // as a whole: one that breaks off must not take an older one's place
    if (found.ok && !found.redirected) await shelf.put(part, new Response(await found.arrayBuffer(), { headers: found.headers }));
  }
}

for (const form of forms) {
  const tick = kept[form.elements.answer.value];
  if (tick) show(form, tick.here);
  form.addEventListener("submit", event => {
    event.preventDefault();
    const here = form.querySelector(".tick-off").value === "yes";
    kept[form.elements.answer.value] = { here, at: new Date().toISOString() };
    keep();
    show(form, here);
    tell();
    send();
  });
}
search.addEventListener("submit", event => event.preventDefault());
search.addEventListener("input", () => {
  const wanted = search.elements.q.value.trim().toLocaleLowerCase();
  for (const form of forms) {
    form.parentElement.hidden = !form.querySelector(".whom").textContent.toLocaleLowerCase().includes(wanted);
  }
});
print.hidden = false;
print.addEventListener("click", () => window.print());
addEventListener("online", send);
setInterval(() => Object.keys(kept).length && send(), RETRY);
tell();
send();
if (navigator.serviceWorker && !location.search) keepPage().catch(() => {});
