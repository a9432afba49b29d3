// A signature drawn by hand: its strokes, as numbers, go with the form. No picture is made of it.
const form = document.getElementById("signing");

if (form) sign(form.querySelector("canvas"));

function sign(canvas) {
  const context = canvas.getContext("2d");
  Object.assign(context, { lineWidth: 3, lineCap: "round", lineJoin: "round", strokeStyle: "#10202f" });
  let strokes = [];
  let drawing = false;

  const point = (event) => {
    const scale = canvas.width / canvas.clientWidth;
    return [Math.round(event.offsetX * scale), Math.round(event.offsetY * scale)];
  };

  canvas.addEventListener("pointerdown", (event) => {
    canvas.setPointerCapture(event.pointerId);
    drawing = true;
    strokes.push([point(event)]);
  });
  canvas.addEventListener("pointermove", (event) => {
    if (!drawing) return;
    const stroke = strokes.at(-1);
    const [from, to] = [stroke.at(-1), point(event)];
    if (from[0] === to[0] && from[1] === to[1]) return;
    stroke.push(to);
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    context.stroke();
  });
  for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (drawing = false));
  form.addEventListener("reset", () => {
    strokes = [];
    context.clearRect(0, 0, canvas.width, canvas.height);
  });
  form.addEventListener("submit", (event) => {
    const points = strokes.flat().length;
    form.elements.signature.value = JSON.stringify(strokes);
    if (points) return;
    event.preventDefault();
    const told = form.querySelector(".trouble");
    told.hidden = false;
    told.textContent = form.dataset.empty;
  });
}
