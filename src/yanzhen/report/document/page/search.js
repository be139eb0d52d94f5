"use strict";
// A long table shows its first rows until somebody searches; all of them stand in the page.
for (const input of document.querySelectorAll("input.search")) {
  const rows = [...document.getElementById(input.dataset.table).tBodies[0].rows];
  const first = Number(input.dataset.first);
  const show = () => {
    const wanted = input.value.trim().toLowerCase();
    let shown = 0;
    for (const [at, row] of rows.entries()) {
      const hit = wanted === "" ? at < first : row.textContent.toLowerCase().includes(wanted);
      row.hidden = !hit || shown >= first;
      shown += row.hidden ? 0 : 1;
    }
  };
  input.hidden = false;
  input.addEventListener("input", show);
  show();
}
