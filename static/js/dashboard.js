// The dashboard: the trend chart, the focus form, copy as text, print.
(() => {
  "use strict";

  const chartBox = document.getElementById("trend");
  const source = document.getElementById("trend-data");
  if (chartBox && source && window.echarts) {
    const { days, series } = JSON.parse(source.textContent);
    const style = getComputedStyle(document.documentElement);
    const colour = (name) => style.getPropertyValue(name).trim();
    const lines = [
      ["open", "--tblr-primary", "line"],
      ["overdue", "--tblr-danger", "line"],
      ["found", "--tblr-secondary", "bar"],
      ["closed", "--tblr-success", "bar"],
    ];
    const chart = window.echarts.init(chartBox, null, { renderer: "svg" });
    chart.setOption({
      animation: false,
      grid: { left: 44, right: 16, top: 40, bottom: 28 },
      legend: { top: 4, textStyle: { color: colour("--tblr-body-color") } },
      tooltip: { trigger: "axis", renderMode: "richText" },
      xAxis: { type: "category", data: days },
      yAxis: { type: "value", minInterval: 1 },
      series: lines.map(([key, token, type]) => ({
        name: chartBox.dataset[key],
        type,
        data: series[key],
        color: colour(token),
        symbolSize: 6,
        barMaxWidth: 14,
      })),
    });
    window.addEventListener("resize", () => chart.resize());
  }

  document.querySelectorAll("form[data-submit-on-change]").forEach((form) => {
    form.addEventListener("change", () => form.requestSubmit());
  });

  document.querySelectorAll("[data-print]").forEach((button) => {
    button.addEventListener("click", () => window.print());
  });

  document.querySelectorAll("[data-copy-text]").forEach((button) => {
    button.addEventListener("click", async () => {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copyText).textContent.trim());
      button.classList.add("btn-success");
      setTimeout(() => button.classList.remove("btn-success"), 1500);
    });
  });
})();
