/* Comfort for the menu in the bar, which opens and closes without this too: Escape closes it, and so does a click
   elsewhere. The focus goes back to where the menu was opened from. */
document.addEventListener("keydown", (event) => {
  const menu = document.querySelector("details.who[open]");
  if (event.key !== "Escape" || !menu) return;
  const within = menu.contains(document.activeElement);
  menu.open = false;
  if (within) menu.querySelector("summary").focus();
});
document.addEventListener("click", (event) => {
  const menu = document.querySelector("details.who[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});
