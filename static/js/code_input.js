// Sends the form once a paste or the phone's autofill brings all digits at once; never while typing.
const field = document.querySelector("input[data-digits]");
const ALL_AT_ONCE = new Set(["insertFromPaste", "insertFromDrop", "insertReplacementText", "", undefined]);

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
