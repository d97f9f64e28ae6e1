// Times come in UTC; here they are put into the reader's own time.
const STYLES = {
  clock: { hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
  seconds: { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
  day: { day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" },
};

export function localise(root) {
  for (const time of root.querySelectorAll("time[datetime]")) {
    const format = new Intl.DateTimeFormat(document.documentElement.lang, STYLES[time.dataset.style]);
    time.title = time.textContent;
    time.textContent = format.format(new Date(time.dateTime));
  }
}

localise(document);
