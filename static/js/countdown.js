// Counts down to the next possible message, and says now and then how long the code still works.
const SPOKEN = [[30, "30 seconds"], [60, "1 minute"], [300, "5 minutes"]];
const waiting = document.querySelector("form[data-wait]");
const spoken = document.querySelector("[data-time-left]");
const opened = Date.now(); // the server says how long; this clock may be wrong, but it runs
let said = SPOKEN.find(([seconds]) => spoken && spoken.dataset.timeLeft <= seconds)?.[1];

const leftOf = (seconds) => Math.ceil(seconds - (Date.now() - opened) / 1000);

function showWait() {
  const left = leftOf(waiting.dataset.wait);
  const button = waiting.querySelector("button");
  const text = waiting.querySelector("[data-countdown]");
  button.hidden = left > 0;
  text.hidden = left <= 0;
  text.textContent = `You can ask again in ${left > 10 ? Math.ceil(left / 5) * 5 : left} seconds.`;
  return left > 0;
}

function speakTimeLeft() {
  const left = leftOf(spoken.dataset.timeLeft);
  const words = SPOKEN.find(([seconds]) => left <= seconds)?.[1];
  if (words !== said) spoken.textContent = `Your code works for less than ${words}.`;
  said = words;
  if (left > 0) return true;
  spoken.setAttribute("role", "alert");
  spoken.textContent = "Your code has run out. Send a new code.";
  return false;
}

function every(tick) {
  if (tick()) setTimeout(() => every(tick), 1000);
}

if (waiting) {
  for (const name of [...waiting.querySelector("button").classList]) {
    if (name.startsWith("appears-after-")) waiting.querySelector("button").classList.remove(name);
  }
  every(showWait);
}
if (spoken) every(speakTimeLeft);
