// Sending the form asks for a passkey first, by the button or by Enter; then it goes out with the answer.
import { NO_SUPPORT, explain } from "./passkey_words.js";
import { ask, isPossible } from "./webauthn.js";

const form = document.querySelector("form[data-passkey]");
const button = form.querySelector("[data-asks]");
const place = document.getElementById("passkey-trouble");

function say(words) {
  place.hidden = !words;
  place.textContent = words;
}

async function use() {
  say("");
  button.setAttribute("aria-disabled", "true");
  try {
    form.elements.passkey.value = await ask(form);
    form.requestSubmit();
  } catch (error) {
    button.removeAttribute("aria-disabled");
    say(explain(error));
  }
}

form.addEventListener("submit", (event) => {
  if (form.elements.passkey.value) return;
  event.preventDefault();
  event.stopImmediatePropagation(); // nothing is sent yet
  if (isPossible && !button.hasAttribute("aria-disabled")) use();
});
addEventListener("pageshow", () => (form.elements.passkey.value = "")); // an answer is good once

button.hidden = !isPossible;
if (!isPossible) say(NO_SUPPORT);
