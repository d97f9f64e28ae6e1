// Counts down to the next possible message, and says now and then how long the code still works.
const SPOKEN = new Map([[300, "5 minutes"], [60, "1 minute"], [30, "30 seconds"]]);
const waiting = document.querySelector("form[data-wait-until]");
const spoken = document.querySelector("[data-time-left]");
const skew = Date.now() - performance.now();

const secondsUntil = (instant) => Math.ceil((Date.parse(instant) - skew - performance.now()) / 1000);

function showWait() {
  const left = secondsUntil(waiting.dataset.waitUntil);
  const button = waiting.querySelector("button");
  const text = waiting.querySelector("[data-countdown]");
  button.hidden = left > 0;
  text.hidden = left <= 0;
  text.textContent = `You can ask again in ${left > 10 ? Math.ceil(left / 5) * 5 : left} seconds.`;
  return left > 0;
}

function speakTimeLeft() {
  const left = secondsUntil(spoken.dataset.timeLeft);
  if (SPOKEN.has(left)) spoken.textContent = `Your code works for ${SPOKEN.get(left)} more.`;
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
