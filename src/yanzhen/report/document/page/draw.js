"use strict";
// What stands compressed in the page, as text.
const unpacked = async (id) => {
  const bytes = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Response(stream).text();
};
const failed = (chart, text) => {
  chart.dataset.state = "failed";
  chart.textContent = text;
};
const draw = async (chart) => {
  try {
    const spec = JSON.parse(await unpacked(chart.dataset.spec));
    await vegaEmbed(chart, spec, { renderer: "svg", actions: false });
    chart.dataset.state = "drawn";
  } catch (error) {
    failed(chart, String(error));
  }
};
const charts = [...document.querySelectorAll(".chart")];
if (typeof DecompressionStream === "undefined") {
  charts.forEach((chart) => failed(chart, document.getElementById("bundle").dataset.old));
} else if (charts.length) {
  unpacked("bundle").then((text) => {
    const script = document.createElement("script");
    script.textContent = text;
    document.head.append(script);
    charts.forEach(draw);
  });
}
