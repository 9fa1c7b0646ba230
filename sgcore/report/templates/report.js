"use strict";
(() => {
  const figures = JSON.parse(document.getElementById("figures").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const paper = matchMedia("print");
  // Pixels between the margins of an A4 page.
  const PAGE = 680;
  const config = {
    displaylogo: false,
    responsive: true,
    modeBarButtonsToRemove: ["select2d", "lasso2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    toImageButtonOptions: { format: "png", scale: 2 },
  };
  const draw = (printing) => {
    for (const [name, themes] of Object.entries(figures)) {
      const chosen = themes[dark.matches && !printing ? "dark" : "light"];
      const size = printing ? { width: PAGE, autosize: false } : { autosize: true };
      // Plotly writes into what it is given.
      const { data, layout } = structuredClone(chosen);
      Plotly.react("figure-" + name, data, { ...layout, ...size }, config);
    }
  };
  const folds = [...document.querySelectorAll("details")];
  let closed = [];
  const begin = () => {
    closed = folds.filter((fold) => !fold.open);
    folds.forEach((fold) => { fold.open = true; });
    draw(true);
  };
  const end = () => {
    closed.forEach((fold) => { fold.open = false; });
    draw(false);
  };
  draw(paper.matches);
  dark.addEventListener("change", () => draw(paper.matches));
  paper.addEventListener("change", () => (paper.matches ? begin() : end()));
})();
