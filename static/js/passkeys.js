// Forms with a passkey, shown only where the browser can: this script gets a challenge by sending the form with
// `options`, asks the browser for the passkey, and sends the form with the answer.
const { webauthnJSON } = globalThis;

async function ask(form) {
  const typed = new FormData(form);
  typed.set("options", "1");
  const answer = await fetch(form.action, { method: "POST", body: typed, headers: { Accept: "application/json" } });
  if (answer.status === 403) {
    location.reload(); // the password is due again
    return null;
  }
  if (answer.redirected) {
    location.assign(answer.url); // another step comes first
    return null;
  }
  const challenge = await answer.json();
  return form.dataset.passkey === "create" ? webauthnJSON.create(challenge) : webauthnJSON.get(challenge);
}

function report(form, error) {
  const place = form.querySelector("[data-passkey-problem]");
  const { cancelled, known, failed } = place.dataset;
  const words = { NotAllowedError: cancelled, AbortError: cancelled, InvalidStateError: known };
  place.textContent = words[error.name] || failed;
  place.hidden = false;
}

for (const form of webauthnJSON.supported() ? document.querySelectorAll("form[data-passkey]") : []) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    try {
      const credential = await ask(form);
      if (!credential) return; // the page is about to open again
      form.elements.credential.value = JSON.stringify(credential);
      form.submit();
      button.disabled = false;
    } catch (error) {
      report(form, error);
      button.disabled = false;
      button.focus();
    }
  });
}
if (webauthnJSON.supported()) {
  for (const part of document.querySelectorAll("[data-with-passkeys]")) part.hidden = false;
  for (const part of document.querySelectorAll("[data-without-passkeys]")) part.hidden = true;
  for (const button of document.querySelectorAll("[data-second-to-passkeys]")) {
    button.classList.replace("btn-primary", "btn-secondary");
  }
}
