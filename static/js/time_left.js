// Says now and then how long the code still works, and shows when it no longer does.
const SPOKEN = [[30, "30 seconds"], [60, "1 minute"], [300, "5 minutes"]];
const place = document.querySelector("[data-time-left]");
const opened = Date.now(); // the server says how long; this clock may be wrong, but it runs
let said = wordsFor(place?.dataset.timeLeft);

function wordsFor(left) {
  return SPOKEN.find(([seconds]) => left <= seconds)?.[1];
}

function look() {
  const left = Math.ceil(place.dataset.timeLeft - (Date.now() - opened) / 1000);
  if (left <= 0) return showEnd();
  const words = wordsFor(left);
  if (words !== said) place.textContent = `Your code works for less than ${words}.`;
  said = words;
  setTimeout(look, 1000);
}

function showEnd() {
  // The server has the whole page for this; it is only shown where nothing typed would be lost.
  if (!document.getElementById("code").value) return location.reload();
  place.className = "notice notice-error";
  place.setAttribute("role", "alert");
  place.textContent = "Your code has run out. Send a new code.";
  const resend = document.getElementById("resend");
  if (resend) resend.textContent = "Send a new code";
}

if (place) look();
