// The tablet locks itself after some quiet minutes: any touch, key or scroll is noise. It says so before it does.
(() => {
  const note = document.querySelector(".quiet-note");
  const soon = document.querySelector(".quiet-soon");
  if (!note || !soon) return;
  const whole = Number(note.dataset.minutes) * 60000;
  const warning = Math.min(30000, whole / 2);
  let touched = Date.now();
  let told = Date.now();

  const tell = () => {
    told = Date.now();
    const form = new FormData();
    const proof = document.querySelector("input[name=csrfmiddlewaretoken]");
    if (proof) form.append(proof.name, proof.value);
    fetch(note.dataset.awake, { method: "POST", body: form, redirect: "manual" }).catch(() => undefined);
  };
  const touch = () => {
    touched = Date.now();
    soon.hidden = true;
    if (touched - told > whole / 4) tell();
  };
  for (const name of ["pointerdown", "keydown", "scroll", "input"])
    window.addEventListener(name, touch, { passive: true, capture: true });
  const look = () => {
    const quiet = Date.now() - touched;
    if (quiet >= whole) return location.replace(note.dataset.lock);
    soon.hidden = quiet < whole - warning;
  };
  setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
