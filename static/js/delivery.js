// Says how messages leave the site as long as the page is open: when it was made, none had been tried.
const LONGEST = 15000; // milliseconds
const place = document.querySelector("[data-look]");

async function look() {
  const answer = await fetch(place.dataset.look);
  if (!answer.ok) return;
  const { flow, text } = await answer.json();
  place.dataset.flow = flow;
  if (place.textContent !== text) place.textContent = text; // a live region speaks at each change
}

function lookIn(wait) {
  setTimeout(async () => {
    if (!document.hidden) await look().catch(() => {}); // offline for a moment: look again
    lookIn(Math.min(wait * 1.5, LONGEST));
  }, wait);
}

if (place) lookIn(2000);
