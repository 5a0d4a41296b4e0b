// --- until the lesson is ready: how far it is ---

window.voila_process = (done, all) => {
  const bar = document.getElementById("loading_bar");
  if (!bar) return;
  document.getElementById("loading_text").textContent = `The lesson is getting ready: ${done} of ${all} parts`;
  Object.assign(bar, { max: all, value: done });
};

// A link leads to another lesson, to a place on this page or to the web; what else it would name is not served.
const unlink = () => {
  for (const link of document.querySelectorAll("#rendered_cells a[href]"))
    if (!/^(#|https?:|\d\d_\w+\.ipynb$)/.test(link.getAttribute("href"))) link.removeAttribute("href");
};

// --- keys of the page: N and P go from figure to figure; the figures' own keys are theirs ---

const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable=true]";

const go = (way) => {
  const tops = [...document.querySelectorAll(".rd-explorer")].map((one) => [one.getBoundingClientRect().top, one]);
  const found = way > 0 ? tops.find(([top]) => top > 8) : tops.reverse().find(([top]) => top < -8);
  found?.[1].scrollIntoView();
};

window.addEventListener("keydown", (event) => {
  const way = { n: 1, p: -1 }[event.key.toLowerCase()];
  if (!way || event.ctrlKey || event.altKey || event.metaKey || event.target.closest?.(TYPED)) return;
  event.preventDefault();
  go(way);
});

const finish = window.voila_finish;
window.voila_finish = () => {
  unlink();
  finish();
};
