// Looks for new messages, and leaves the page alone while there are none.
import { localise } from "./local_time.js";

const EVERY = 1000; // milliseconds
const list = document.getElementById("messages");

async function look() {
  const page = await fetch(location.href, { headers: { Accept: "text/html" } });
  const found = new DOMParser().parseFromString(await page.text(), "text/html").getElementById("messages");
  for (const letter of [...found.querySelectorAll(".letter")].reverse()) {
    if (document.getElementById(letter.id)) continue;
    list.querySelector(".empty")?.remove();
    localise(letter);
    list.prepend(document.adoptNode(letter));
  }
}

setInterval(() => look().catch(() => {}), EVERY); // the server may be restarting: look again
