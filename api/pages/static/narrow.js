// On a phone a table is read as cards: every cell bears its column's heading, and base.css lays them under one another.
// Without scripts the table scrolls sideways instead.
export function label(root = document) {
  for (const table of root.querySelectorAll(".scroll > table")) {
    const headings = [...table.querySelectorAll("thead th")].map((heading) => heading.textContent.trim());
    for (const row of table.tBodies[0]?.rows ?? []) {
      [...row.cells].forEach((cell, number) => { cell.dataset.label = headings[number] ?? ""; });
    }
    table.classList.add("labelled");
  }
}

label();
