// Rows of steps without leaving the page: tick, undo and a new date replace their row alone, so that nothing else
// moves. Without this script the same forms load the page again.
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.querySelector("main").append(status);

async function post(form, submitter) {
  const body = new FormData(form, submitter);
  const action = submitter?.getAttribute("formaction") ?? form.action;
  const answer = await fetch(action, { method: "POST", body: new URLSearchParams(body), redirect: "manual" });
  return answer.type === "opaqueredirect"; // any other answer is a page that says what is wrong
}

async function fetchRow(row, query = "") {
  const answer = await fetch(row.dataset.row + query);
  if (!answer.ok || answer.redirected) return null;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  return holder.content.querySelector("li");
}

// What a row says after a change: its first words for people who do not see it.
const said = (row) => row.querySelector("[data-said]")?.textContent ?? row.querySelector(".cp-row-title").textContent;

async function change(event, query, focus) {
  const form = event.target;
  const row = form.closest("[data-row]");
  if (!row) return;
  event.preventDefault();
  try {
    const isSent = await post(form, event.submitter);
    if (!isSent) return event.submitter?.hasAttribute("formaction") ? location.reload() : form.submit();
    const next = await fetchRow(row, query(row));
    if (!next) return location.reload();
    row.replaceWith(next);
    (next.querySelector(focus) ?? next.querySelector("button, a, summary")).focus();
    next.querySelector(".cp-after")?.scrollIntoView({ block: "nearest" }); // on a phone it opened below the edge
    status.textContent = said(next).trim();
    await countTabs();
  } catch {
    location.reload();
  }
}

// On a phone the tabs scroll: the current one is to be seen.
document.querySelector("[data-tabs] [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });

// How many steps each tab has now. If that fails, the next page says it.
async function countTabs() {
  const tabs = document.querySelector("[data-tabs]");
  if (!tabs) return;
  const address = new URL(location.href);
  address.searchParams.set("part", "tabs");
  const answer = await fetch(address).catch(() => null);
  if (!answer?.ok || answer.redirected) return;
  const holder = document.createElement("template");
  holder.innerHTML = await answer.text();
  const counts = holder.content.querySelectorAll("li span");
  tabs.querySelectorAll("li span").forEach((count, place) => (count.textContent = counts[place]?.textContent ?? ""));
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.matches("[data-tick]")) change(event, (row) => `&done=${row.id.replace("step-", "")}`, "[data-untick] button");
  else if (form.matches("[data-untick]")) change(event, () => "", "[data-tick] button");
  else if (form.matches("[data-worth]")) rate(event);
  else if (form.parentElement.matches("[data-when]")) change(event, () => "", "summary");
});

// A rating without a number is for the page that says what is missing.
function rate(event) {
  const isLater = event.submitter?.name === "later";
  if (!isLater && !event.target.querySelector("[name=worth]:checked")) return;
  change(event, () => "", "[data-untick] button");
}

document.querySelector("[data-seek]")?.addEventListener("change", (event) => {
  if (event.target.matches("select")) event.currentTarget.submit();
});

const several = document.querySelector("[data-several]");
several?.addEventListener("change", () => {
  const line = several.querySelector("[data-words]");
  const count = several.querySelectorAll("[name=step]:checked").length;
  line.textContent = count ? line.dataset.words.replace("{n}", count) : "";
});
