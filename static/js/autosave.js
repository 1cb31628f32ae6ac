// Saves a page while someone is still filling it in. Without this script a page is saved when it is left. One save at
// a time; leaving waits for the current one. What cannot be saved stays on the page.
const form = document.getElementById("wizard");
const saved = document.getElementById("saved");
const problem = document.getElementById("save-problem");
const conflicts = document.getElementById("autosave-conflicts");
const WAIT = 800; // milliseconds after the last key or click
const RETRY = 10_000;
const UNACKNOWLEDGED_MAX = 20;
const state = { timer: 0, dirty: false, running: null, blocked: false };
const unacknowledged = new Set(); // answers that may have arrived although the response was lost
const madeFrom = ["csrfmiddlewaretoken", "shown"];

const body = () => {
  const data = new FormData(form);
  data.set("go", "stay");
  for (const answers of unacknowledged) data.append("unacknowledged", answers);
  return new URLSearchParams(data);
};
function remember(sent) {
  const answers = new URLSearchParams([...sent].filter(([name]) => name !== "unacknowledged" && !madeFrom.includes(name)));
  unacknowledged.add(answers.toString());
  if (unacknowledged.size > UNACKNOWLEDGED_MAX) unacknowledged.delete(unacknowledged.values().next().value);
}
const post = (sent, keepalive = false) => {
  remember(sent);
  return fetch(form.action, { method: "POST", body: sent, redirect: "manual", keepalive, headers: { Accept: "application/json" } });
};

// Signing in again changes the token; the open page reads it from a fresh copy.
async function freshToken() {
  const answer = await fetch(form.action, { redirect: "manual" });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const token = page.querySelector("#wizard input[name=csrfmiddlewaretoken]");
  if (token) form.elements.csrfmiddlewaretoken.value = token.value;
  return Boolean(token);
}

function say(words) {
  problem.hidden = !words;
  if (problem.textContent !== words) problem.textContent = words;
  if (words && saved.textContent.trim() !== problem.dataset.notSaved) saved.textContent = problem.dataset.notSaved;
}

function show(name, value) {
  for (const field of form.elements) {
    if (field.name !== name) continue;
    if (field.type === "radio") field.checked = field.value === value;
    else if (field.type === "checkbox") field.checked = value === "on";
    else field.value = value;
  }
}

function tell(told, sent) {
  const now = body();
  for (const [name, value] of Object.entries(told.values)) {
    if (now.get(name) === sent.get(name)) show(name, value); // otherwise the user has just changed it
  }
  form.elements.shown.value = told.shown;
  say(told.problem);
  if (!told.problem) {
    const fresh = document.createElement("span");
    fresh.innerHTML = told.saved;
    // Do not read the same minute aloud again.
    if (fresh.textContent.trim() !== saved.textContent.trim()) saved.replaceChildren(...fresh.childNodes);
  }
  const open = conflicts.querySelector("input");
  if (!told.conflicts) conflicts.replaceChildren();
  else if (!open || told.conflicts.trim() !== conflicts.dataset.told) {
    conflicts.innerHTML = told.conflicts;
    conflicts.firstElementChild.setAttribute("role", "alert");
  }
  conflicts.dataset.told = told.conflicts.trim();
}

async function attempt() {
  let sent = body();
  let answer = await post(sent);
  if (answer.status === 403 && (await freshToken())) answer = await post((sent = body()));
  if (answer.type === "opaqueredirect" || answer.status === 403) return problem.dataset.signedOut;
  if (answer.status === 409) return (await answer.json()).problem;
  if (!answer.ok) return problem.dataset.offline;
  tell(await answer.json(), sent);
  unacknowledged.clear();
  return "";
}

async function save() {
  clearTimeout(state.timer);
  if (state.running) return state.running;
  state.dirty = false;
  state.running = attempt().catch(() => problem.dataset.offline);
  const failure = await state.running;
  state.running = null;
  state.blocked = Boolean(failure);
  if (failure) {
    state.dirty = true;
    say(failure);
    state.timer = setTimeout(save, RETRY);
  } else if (state.dirty) later();
  return failure;
}

function later() {
  clearTimeout(state.timer);
  state.timer = setTimeout(save, WAIT);
}

for (const event of ["input", "change"]) {
  form.addEventListener(event, () => {
    state.dirty = true;
    later();
  });
}

form.addEventListener("submit", async (event) => {
  clearTimeout(state.timer);
  if (!state.running && !state.blocked) return;
  // Wait for the current save, and keep a signed-out user on the page with what they typed.
  event.preventDefault();
  const button = event.submitter;
  if (state.running) await state.running;
  if (state.blocked && (await save())) return;
  clearTimeout(state.timer);
  form.requestSubmit(button);
});

document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && state.dirty && !state.running) {
    clearTimeout(state.timer);
    save();
  }
});
addEventListener("pagehide", () => {
  if (state.dirty && !state.running) post(body(), true).catch(() => {});
});
