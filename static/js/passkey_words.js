// Why no passkey came, in plain words, and what to do then.
const HERE = "Sign in another way, or use a newer browser.";
const OFTEN = {
  NotAllowedError: "No passkey was used: it was cancelled, or it took too long. Try again, or choose another way.",
  InvalidStateError: "This phone, computer or key has a passkey of yours for this site already. You can use that one.",
  SecurityError: "Passkeys of this site work only at its own address. Look at the address bar.",
  NotSupportedError: `This browser knows no passkeys that this site can use. ${HERE}`,
  ConstraintError: "A passkey needs a PIN, a fingerprint or a face here. Set one up on it first, or choose another way.",
  TypeError: "The server did not answer. Check the connection, then try again.",
};

export const NO_SUPPORT = window.isSecureContext
  ? `This browser knows no passkeys. ${HERE}`
  : "Passkeys need a secure connection, and this page came without one. Choose another way.";

export function explain(error) {
  if (error.constructor === Error) return error.message; // the server's own words
  return OFTEN[error.name] ?? "That did not work. Try again, or choose another way.";
}
