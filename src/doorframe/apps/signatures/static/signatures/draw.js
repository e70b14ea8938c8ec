// Drawing a name: whole numbers, 1000 across and 400 down, in the hidden field. Without this script one types.
(() => {
  const box = document.querySelector(".draw");
  const canvas = box && box.querySelector("canvas");
  const field = document.getElementById("id_strokes");
  if (!canvas || !field) return;
  box.hidden = false;
  const pen = canvas.getContext("2d");
  let strokes = [];
  let current = null;

  const place = (event) => {
    const frame = canvas.getBoundingClientRect();
    const x = Math.round(((event.clientX - frame.left) / frame.width) * 1000);
    const y = Math.round(((event.clientY - frame.top) / frame.height) * 400);
    return [Math.max(0, Math.min(1000, x)), Math.max(0, Math.min(400, y))];
  };
  const show = () => {
    pen.clearRect(0, 0, 1000, 400);
    pen.lineWidth = 5;
    pen.lineCap = pen.lineJoin = "round";
    pen.strokeStyle = getComputedStyle(canvas).color;
    for (const stroke of strokes) {
      pen.beginPath();
      stroke.forEach(([x, y], index) => (index ? pen.lineTo(x, y) : pen.moveTo(x, y)));
      if (stroke.length === 1) pen.lineTo(stroke[0][0] + 1, stroke[0][1]);
      pen.stroke();
    }
    field.value = strokes.length ? JSON.stringify(strokes) : "";
  };
  canvas.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    canvas.setPointerCapture(event.pointerId);
    current = [place(event)];
    strokes.push(current);
    show();
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!current) return;
    const last = current[current.length - 1];
    const next = place(event);
    if (Math.abs(last[0] - next[0]) + Math.abs(last[1] - next[1]) < 3) return;
    current.push(next);
    show();
  });
  for (const name of ["pointerup", "pointercancel"]) canvas.addEventListener(name, () => (current = null));
  document.getElementById("clear").addEventListener("click", () => {
    strokes = [];
    show();
  });
})();
