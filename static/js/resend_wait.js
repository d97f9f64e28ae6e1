// Counts down to the next possible message; the server decides all the same.
const place = document.querySelector("[data-wait]");
const opened = Date.now(); // the server says how long; this clock may be wrong, but it runs

function show(button, text) {
  const left = Math.ceil(place.dataset.wait - (Date.now() - opened) / 1000);
  button.hidden = left > 0;
  text.hidden = left <= 0;
  text.textContent = `You can ask again in ${left > 10 ? Math.ceil(left / 5) * 5 : left} seconds.`;
  if (left > 0) setTimeout(() => show(button, text), 1000);
}

if (place) {
  const button = place.querySelector("button");
  // Without a script a style sheet makes the button appear; here the countdown does.
  button.classList.remove(...[...button.classList].filter((name) => name.startsWith("appears-after-")));
  show(button, place.querySelector("[data-countdown]"));
}
