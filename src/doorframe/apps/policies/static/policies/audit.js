/* Comfort while a policy is read, which works without this too: says that it is at work, and takes the form once. */
const form = document.querySelector("form[data-busy]");
const busy = form && document.getElementById(form.dataset.busy);
form?.addEventListener("submit", () => {
  busy.textContent = busy.dataset.words;
  form.setAttribute("aria-busy", "true");
  form.querySelector("button[type=submit]").disabled = true;
});
addEventListener("pageshow", () => {
  if (!form) return;
  busy.textContent = "";
  form.removeAttribute("aria-busy");
  form.querySelector("button[type=submit]").disabled = false;
});
