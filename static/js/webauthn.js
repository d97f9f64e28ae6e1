// Asks an authenticator. Options come as JSON and the answer goes back as JSON, bytes as base64url.
const LATE = "That did not work. Load this page again.";

const toBytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
const toText = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
const named = (list) => list?.map((one) => ({ ...one, id: toBytes(one.id) }));

async function optionsFor(form) {
  const headers = { "X-CSRFToken": form.elements.csrf_token.value };
  const answer = await fetch(form.dataset.options, { method: "POST", headers });
  const isJson = answer.headers.get("Content-Type")?.startsWith("application/json");
  const found = isJson ? await answer.json() : { message: LATE };
  if (found.message) throw new Error(found.message);
  return {
    ...found,
    challenge: toBytes(found.challenge),
    user: found.user && { ...found.user, id: toBytes(found.user.id) },
    allowCredentials: named(found.allowCredentials),
    excludeCredentials: named(found.excludeCredentials),
  };
}

export async function ask(form, more = {}) {
  const publicKey = await optionsFor(form);
  const credential = await navigator.credentials[form.dataset.passkey]({ publicKey, ...more });
  const response = { transports: credential.response.getTransports?.() };
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    if (credential.response[name]) response[name] = toText(credential.response[name]);
  }
  return JSON.stringify({ id: credential.id, rawId: toText(credential.rawId), type: credential.type, response });
}

export const isPossible = Boolean(window.isSecureContext && window.PublicKeyCredential && navigator.credentials);
