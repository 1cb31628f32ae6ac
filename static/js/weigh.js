// Shows the score of the answers as they are chosen. Without this script it is that of the saved ones.
const form = document.querySelector("[data-weigh]");
const status = document.createElement("p");
status.className = "visually-hidden";
status.setAttribute("role", "status");
document.querySelector("main").append(status);
let newest = 0;

form.addEventListener("change", async (event) => {
  if (event.target.type !== "radio") return;
  const asked = ++newest;
  const scores = [...new FormData(form)].filter(([name]) => /^(vision_score|priority_\d+|criterion_\d+)$/.test(name));
  try {
    const answer = await fetch(`${location.pathname}?${new URLSearchParams([["part", "score"], ...scores])}`);
    if (!answer.ok || answer.redirected || asked !== newest) return;
    const holder = document.createElement("template");
    holder.innerHTML = await answer.text();
    const next = holder.content.querySelector("[data-score]");
    if (asked !== newest) return;
    document.querySelector("[data-score]").replaceWith(next);
    status.textContent = next.querySelector("[data-said]").textContent.replace(/\s+/g, " ").trim();
  } catch {
    // offline: the score of the saved answers stays
  }
});
