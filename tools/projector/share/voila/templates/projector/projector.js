window.voila_process = (done, all) => {
  document.getElementById("loading_text").textContent = `The lesson is getting ready: ${done} of ${all} parts`;
  Object.assign(document.getElementById("loading_bar"), { max: all, value: done });
};

// What stands above a figure's picture takes its height first; the picture gets the rest of the window.
const fit = () => {
  for (const explorer of document.querySelectorAll(".rd-explorer")) {
    const picture = explorer.querySelector(".rd-picture");
    if (!picture) continue;
    const above = picture.getBoundingClientRect().top - explorer.getBoundingClientRect().top;
    explorer.style.setProperty("--rd-above", `${Math.ceil(above) + 12}px`);
  }
};
window.addEventListener("resize", fit);
setInterval(fit, 500);
