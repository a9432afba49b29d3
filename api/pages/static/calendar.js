// Filters of the month calendar that need no new page.
const only = document.getElementById("only-exceptions");
const matrix = document.querySelector(".matrix");

if (only && matrix) {
  only.closest("label").hidden = false;
  only.addEventListener("change", () => matrix.classList.toggle("only-exceptions", only.checked));
}
document.querySelector(".filter select")?.addEventListener("change", (event) => event.target.form.submit());
