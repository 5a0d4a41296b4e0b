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

// --- figures: what stands above a picture takes its height first, and the picture gets the rest of the window ---

const fit = (explorer) => {
  const [picture, twin] = [".rd-picture", ".rd-twin"].map((name) => explorer.querySelector(name));
  if (!picture) return;
  // The longest sentence so far keeps its room: otherwise the picture would jump at each step.
  if (twin.offsetHeight > parseFloat(twin.style.minHeight || 0)) twin.style.minHeight = `${twin.offsetHeight}px`;
  const above = picture.getBoundingClientRect().top - explorer.getBoundingClientRect().top;
  explorer.style.setProperty("--rd-above", `${Math.ceil(above) + 8}px`);
};

const explorers = () => document.querySelectorAll(".rd-explorer");
const known = new WeakSet();
const resized = new ResizeObserver((entries) => {
  for (const { target } of entries) fit(target.closest(".rd-explorer"));
});

// The parts of a figure come one after the other, each when its view is ready.
const follow = () => {
  for (const part of document.querySelectorAll(".rd-explorer, .rd-presets, .rd-sliders, .rd-twin")) {
    if (known.has(part)) continue;
    known.add(part);
    resized.observe(part);
  }
};

window.addEventListener("resize", () => {
  for (const explorer of explorers()) {
    explorer.querySelector(".rd-twin")?.style.removeProperty("min-height");
    fit(explorer);
  }
});

// --- keys of the page: N and P go from figure to figure; the figures' own keys are theirs ---

const TYPED = "input:not([type=checkbox]), textarea, select, [contenteditable=true]";

const go = (way) => {
  const tops = [...explorers()].map((one) => [one.getBoundingClientRect().top, one]);
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
  new MutationObserver(follow).observe(document.getElementById("rendered_cells"), { childList: true, subtree: true });
  finish();
};
