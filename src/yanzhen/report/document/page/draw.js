"use strict";
const failed = (chart, error) => {
  chart.dataset.state = "failed";
  chart.textContent = String(error);
};
for (const chart of document.querySelectorAll(".chart")) {
  try {
    const spec = JSON.parse(document.getElementById(chart.dataset.spec).textContent);
    vegaEmbed(chart, spec, { renderer: "svg", actions: false })
      .then(() => { chart.dataset.state = "drawn"; })
      .catch((error) => failed(chart, error));
  } catch (error) {
    failed(chart, error);
  }
}
