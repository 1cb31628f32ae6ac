// On phones a form of ratings shows one question at a time: a tap or Enter on a level goes on, "Undo" takes it back.
// Without this script, and on wider screens, the questions are below each other. Needs skills/_one_question.html.
const words = document.getElementById("one-question");
const form = words.closest("form");
const questions = [...form.querySelectorAll(".cp-rating")];
const end = form.querySelector(".cp-wizard-end");
const [carryOn, pageBack] = [end.querySelector(".btn-primary"), end.querySelector("[value=back]")];
// Without storage, where a browser refuses it, an answer cannot be undone from the next page.
const keep = (value) => {
  try {
    sessionStorage.setItem(LAST, JSON.stringify(value));
  } catch {}
};
const kept = () => {
  try {
    const value = JSON.parse(sessionStorage.getItem(LAST));
    sessionStorage.removeItem(LAST);
    return value;
  } catch {
    return null;
  }
};
const phone = matchMedia("(max-width: 719px)");
const LAST = "one-question"; // in the session: the last answer of the page that was left, which can still be undone
// `was`: the level when the question appeared. `undo`: the answer that "Undo" takes back. `isOver`: the last question
// was passed, so that only open ones are left.
const state = { at: 0, was: undefined, undo: null, isOver: false, isKey: false, isLeaving: false };

const parts = [...words.content.cloneNode(true).children];
const part = (name) => parts.find((element) => element.dataset.part === name);
const [place, dots] = part("place").children;
const [status, undo] = part("undo").children;
questions[0].before(part("place"));
end.before(part("undo"));
carryOn.before(part("back"));
end.append(part("skip"));
dots.append(...questions.map(() => document.createElement("li")));

const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const chosen = (question) => question.querySelector("input:checked");
const isOpen = (number) => !chosen(questions[number]);

function choose(question, value) {
  for (const input of question.querySelectorAll("input")) input.checked = input.value === value;
  question.dispatchEvent(new Event("change", { bubbles: true })); // so that it is saved
}

function refresh() {
  const isOne = phone.matches;
  form.classList.toggle("cp-one", isOne);
  questions.forEach((question, number) => {
    question.hidden = isOne && number !== state.at;
    dots.children[number].className = number === state.at ? "is-current" : isOpen(number) ? "" : "is-done";
  });
  place.textContent = fill(words.dataset.place, { number: state.at + 1, count: questions.length });
  for (const element of parts) element.hidden = !isOne;
  part("back").hidden ||= state.at === 0;
  part("skip").hidden ||= !isOpen(state.at);
  carryOn.hidden = isOne && isOpen(state.at);
  if (pageBack) pageBack.hidden = isOne && state.at > 0;
}

function say(text, taken = null) {
  status.textContent = text;
  state.undo = taken;
  undo.hidden = !taken;
}

function show(at) {
  Object.assign(state, { at, was: chosen(questions[at])?.value, isLeaving: false });
  refresh();
  questions[at].focus({ preventScroll: true }); // not its first radio: what is asked is read first
  scrollTo(0, 0);
}

// Each question is an entry of the history, so that the browser's Back leads to the one before.
function open(at) {
  history.pushState({ at, from: state.at }, "");
  show(at);
}

function goBack(at) {
  if (history.state?.from === at) return history.back();
  history.replaceState({ at }, "");
  show(at);
}

// The next question; after the last the first open one, if none may stay open; or none.
function following() {
  state.isOver ||= state.at === questions.length - 1;
  if (!state.isOver) return state.at + 1;
  const all = [...questions.keys()];
  const inTurn = [...all.slice(state.at + 1), ...all.slice(0, state.at + 1)];
  return "required" in words.dataset ? inTurn.find(isOpen) : undefined;
}

function goOn() {
  const question = questions[state.at];
  const level = chosen(question)?.labels[0].innerText.replace(/\s+/g, " ");
  const skill = question.querySelector("legend b").textContent;
  const text = fill(level ? words.dataset.answered : words.dataset.skipped, { skill, level });
  const taken = { text, at: state.at, id: question.id, value: state.was, path: location.pathname, search: location.search };
  const next = following();
  if (next === undefined) {
    keep(taken);
    state.isLeaving = true;
    form.requestSubmit(carryOn);
    return;
  }
  if (next === state.at) refresh();
  else open(next);
  if (state.isOver) say(words.dataset.open);
  else say(text, taken);
}

function takeBack() {
  const { at, value, path, search } = state.undo;
  if (path !== location.pathname) {
    keep({ ...state.undo, isUndone: true });
    location.assign(path + search);
    return;
  }
  say("");
  choose(questions[at], value);
  goBack(at);
}

// The question to start with: one with an error, the one that was left, or the first open one.
function begin() {
  const last = kept();
  const isHere = last?.path === location.pathname && questions[last.at]?.id === last.id;
  state.isOver = isHere;
  if (isHere && last.isUndone) choose(questions[last.at], last.value);
  const places = [
    questions.findIndex((question) => question.querySelector("[id$=_error]")),
    history.state?.at ?? -1,
    isHere && (last.isUndone || !isOpen(last.at)) ? last.at : -1,
    [...questions.keys()].findIndex(isOpen),
  ];
  state.at = places.find((at) => at in questions) ?? 0;
  state.was = chosen(questions[state.at])?.value;
  history.replaceState({ ...history.state, at: state.at }, "");
  refresh();
  const isNext = last && !isHere && document.referrer.endsWith(last.path + last.search);
  if (isNext) say(last.text, last);
}

form.addEventListener("keydown", (event) => {
  state.isKey = true;
  if (!phone.matches || event.key !== "Enter" || event.target.type !== "radio") return;
  event.preventDefault();
  choose(questions[state.at], event.target.value);
  goOn();
});
addEventListener("keyup", () => setTimeout(() => (state.isKey = false))); // the space key clicks after this
form.addEventListener("click", (event) => {
  if (!phone.matches || event.target.type !== "radio") return;
  if (event.detail > 1) event.preventDefault(); // of a double tap, the second would answer the next question
  else if (!state.isKey) setTimeout(goOn); // after its "change"; arrow keys click, too, but only change the level
});
form.addEventListener(
  "submit",
  (event) => {
    const leaves = state.isLeaving || (event.submitter !== carryOn && event.submitter?.value !== "next");
    if (!phone.matches || leaves) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    goOn();
  },
  { capture: true },
);
form.addEventListener("change", refresh);
form.addEventListener("focusin", (event) => {
  const at = questions.indexOf(event.target.closest(".cp-rating"));
  if (!phone.matches && at >= 0) state.at = at; // shown when the window gets narrow
});
part("back").addEventListener("click", () => goBack(state.at - 1));
part("skip").addEventListener("click", goOn);
undo.addEventListener("click", takeBack);
addEventListener("popstate", (event) => {
  const at = event.state?.at ?? questions.findIndex((question) => `#${question.id}` === location.hash);
  if (!phone.matches || !(at in questions)) return;
  say("");
  show(at);
});
phone.addEventListener("change", refresh);
addEventListener("pageshow", refresh); // after going back, the browser ticks the answers later than this script begins
begin();
