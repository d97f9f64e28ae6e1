// A passkey instead of an address: by the button, or out of the list that the browser offers in the field.
import { explain } from "./passkey_words.js";
import { ask, isPossible } from "./webauthn.js";

const button = document.querySelector("[data-asks]");
const form = button.form;
const place = document.getElementById("passkey-trouble");
let offer = new AbortController();

function send(answer) {
  form.elements.passkey.value = answer;
  form.requestSubmit(button);
}

function complain(error) {
  button.removeAttribute("aria-disabled");
  Object.assign(place, { hidden: false, textContent: explain(error) });
  offerInField();
}

async function offerInField() {
  if (document.hidden) return document.addEventListener("visibilitychange", offerInField, { once: true });
  if (!(await PublicKeyCredential.isConditionalMediationAvailable?.())) return;
  const { signal } = (offer = new AbortController());
  setTimeout(() => signal.aborted || (offer.abort(), offerInField()), 240000); // it holds for five minutes
  ask(form, { mediation: "conditional", signal }).then(send, () => {}); // nobody asked for it: silence
}

if (isPossible) {
  button.hidden = false;
  button.onclick = (event) => {
    event.preventDefault();
    if (button.hasAttribute("aria-disabled")) return;
    button.setAttribute("aria-disabled", "true");
    offer.abort();
    place.hidden = true;
    ask(form).then(send, complain);
  };
  offerInField();
}
