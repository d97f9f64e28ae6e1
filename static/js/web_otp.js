// On Android, Chrome offers the code of a text message whose last line names this very host.
const form = document.querySelector("form[data-web-otp]");

if (form && "OTPCredential" in window) {
  const stop = new AbortController();
  form.addEventListener("submit", () => stop.abort());
  navigator.credentials
    .get({ otp: { transport: ["sms"] }, signal: stop.signal })
    .then((found) => {
      form.elements.code.value = found.code;
      form.requestSubmit();
    })
    .catch(() => {}); // declined, or no message came: the person types it
}
