// Sends the form once a paste or the phone's autofill brings all digits at once; never while typing,
// and after an error only what somebody pastes: a program would fill in the refused code again.
const field = document.querySelector("input[data-digits]");
const BY_HAND = ["insertFromPaste", "insertFromDrop"];
const BY_PROGRAM = ["insertReplacementText", "", undefined];
const ALL_AT_ONCE = new Set(document.getElementById("error-summary") ? BY_HAND : [...BY_HAND, ...BY_PROGRAM]);

function codeIn(text, digits) {
  const plain = text.normalize("NFKC");
  for (const candidate of [plain, plain.replace(/(\d)[\s.\u2010-\u2015-]+(?=\d)/g, "$1")]) {
    const runs = (candidate.match(/\d+/g) ?? []).filter((run) => run.length === digits);
    if (runs.length === 1) return runs[0];
  }
  return null;
}

field?.addEventListener("input", (event) => {
  const code = codeIn(field.value, Number(field.dataset.digits));
  if (!code || !ALL_AT_ONCE.has(event.inputType)) return;
  field.value = code;
  field.form.requestSubmit();
});
