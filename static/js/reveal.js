// Shows what is typed into the password field, and hides it again before the form is sent.
const choice = document.querySelector("[data-reveal]");
const box = choice.querySelector("input");
const field = document.querySelector("input[type=password]");

const show = () => (field.type = box.checked ? "text" : "password");

choice.hidden = false;
box.addEventListener("change", show);
field.form.addEventListener("submit", () => {
  box.checked = false;
  show();
});
addEventListener("pageshow", show);
