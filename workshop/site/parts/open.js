// Shows what is loading while JupyterLab and Python come to the browser. It loads the big files itself, and counts
// them, so that they are in the browser's cache when JupyterLab asks for them.
"use strict";

const KERNEL = "@jupyterlite/pyodide-kernel-extension:kernel";
const CORE = ["pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip"];
const wanted = new URLSearchParams(location.search).get("notebook") ?? "";
const notebook = /^notebooks\/[\w/.-]+\.ipynb$/.test(wanted) && !wanted.includes("..")
  ? wanted : "notebooks/01_exponentially_weighted_average.ipynb";
const name = notebook.split("/").pop().replace(".ipynb", "");
const LONG = 30; // seconds of work after which a reader may think that a cell never ends
const STUCK = "Python is busy. If a cell never ends, choose Kernel → Restart Kernel…: interrupt does not stop it here. " +
  "What you typed stays.";
const part = (id) => document.getElementById(id);
const began = performance.now();

function say(id, state, words) {
  part(id).dataset.state = state;
  part(id).querySelector(".how").textContent = words;
  if (state !== "now" || id !== "files") part("said").textContent = part(id).textContent.trim();
}

const megabytes = (bytes) => (bytes / 1e6).toFixed(1);

/** Return the address of Pyodide, and the packages that the site's settings name. */
async function settings() {
  const lite = await (await fetch("jupyter-lite.json")).json();
  const kernel = lite["jupyter-config-data"].litePluginSettings[KERNEL];
  return { url: new URL(kernel.pyodideUrl, location.href), packages: kernel.loadPyodideOptions.packages };
}

/** Return the addresses of all packages, each with those that it depends on, by Pyodide's own list. */
function files(lock, names, base) {
  const found = new Map();
  const left = [...names];
  while (left.length) {
    const one = left.pop().replace(/[-_.]+/g, "-").toLowerCase();
    const entry = lock.packages[one];
    if (entry && !found.has(one)) {
      found.set(one, new URL(entry.file_name, base).href);
      left.push(...entry.depends);
    }
  }
  return [...found.values()];
}

/** Load one file into the cache; count(bytes) hears of each piece. */
async function load(url, count) {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    count(value.length);
  }
}

/** Load everything that Python needs, six files at a time, as browsers do. */
async function loadFiles() {
  const { url, packages } = await settings();
  const lock = await (await fetch(new URL("pyodide-lock.json", url))).json();
  const mine = packages.filter((one) => one.endsWith(".whl")).map((one) => `pypi/${one.split("/").pop()}`);
  const left = [...CORE.map((one) => new URL(one, url).href), ...files(lock, packages, url), ...mine];
  const all = left.length;
  let bytes = 0;
  let ready = 0;
  const show = () => {
    part("bar").value = ready / all;
    say("files", "now", `– ${ready} of ${all}, ${megabytes(bytes)} MB`);
  };
  const work = async () => {
    while (left.length) {
      await load(left.shift(), (more) => { bytes += more; show(); });
      ready += 1;
      show();
    }
  };
  await Promise.all(Array.from({ length: 6 }, work));
  say("files", "done", `– ${all} files, ${megabytes(bytes)} MB`);
}

/** Wait until check() returns something, and return that. */
function until(check) {
  return new Promise((resolve) => {
    const look = () => {
      let found = null;
      try { found = check(); } catch { found = null; }
      if (found) resolve(found); else setTimeout(look, 250);
    };
    look();
  });
}

/** Put JupyterLab into this page, with this lesson alone, and return it when the lesson stands there and Python answers. */
async function openLab() {
  const frame = document.createElement("iframe");
  frame.title = `JupyterLab with ${name}`;
  frame.src = `lab/index.html?path=${encodeURIComponent(notebook)}`;
  frame.id = "frame";
  frame.inert = true;
  document.body.append(frame);
  const panel = await until(() => {
    const now = frame.contentWindow.jupyterapp?.shell.currentWidget;
    return now?.context?.path === notebook && now;
  });
  const lab = frame.contentWindow.jupyterapp;
  say("lab", "done", "");
  say("python", "now", "– the longest step");
  let shown = false;
  part("now").hidden = false;
  part("now").onclick = () => { shown = true; };
  await until(() => shown || panel.sessionContext.session?.kernel?.status === "idle");
  say("python", "done", "");
  // On a narrow screen the list of files would leave no room for the lesson. JupyterLab opens it once more on its way.
  if (innerWidth < 768) lab.shell.collapseLeft();
  frame.inert = false;
  return { frame, lab };
}

/** Say what helps when a cell does not end: an interrupt does not reach Python here, and nothing would say so. */
function watch(lab) {
  let since = null;
  let interrupted = false;
  const look = () => {
    const busy = lab.shell.currentWidget?.sessionContext?.session?.kernel?.status === "busy";
    since = busy ? since ?? performance.now() : null;
    interrupted &&= busy;
    const words = busy && (interrupted || performance.now() - since > 1000 * LONG) ? STUCK : "";
    if (part("stuck").textContent !== words) part("stuck").textContent = words;
  };
  lab.commands.commandExecuted.connect((_, { id }) => {
    interrupted ||= id.includes(":interrupt");
    look();
  });
  setInterval(look, 1000);
}

/** Go to another page as soon as what was typed is kept. */
async function leave(lab, page) {
  const open = [...lab.shell.widgets("main")].filter((one) => one.context?.model.dirty);
  await Promise.all(open.map((one) => one.context.save()));
  location.href = page;
}

/** Let a lesson that is opened from this one take its place: side by side, each would have a Python of its own. */
function follow(lab) {
  const path = lab.shell.currentWidget?.context?.path ?? "";
  if (path !== notebook && /^notebooks\/(homework\/hw)?\d+_\w+\.ipynb$/.test(path)) leave(lab, `?notebook=${path}`);
}

async function open() {
  part("name").textContent = name;
  const clock = setInterval(() => {
    part("time").textContent = `${Math.round((performance.now() - began) / 1000)} seconds so far`;
  }, 1000);
  try {
    say("files", "now", "");
    await loadFiles();
    say("lab", "now", "");
    part("doing").textContent = "The files are here; how long the rest takes is not known";
    part("bar").removeAttribute("value");
    const { frame, lab } = await openLab();
    document.title = `${name} · Rolling Downhill`;
    part("opening").remove();
    document.body.classList.add("opened");
    part("top").hidden = false;
    part("back").onclick = (event) => {
      event.preventDefault();
      leave(lab, part("back").href);
    };
    lab.shell.currentChanged.connect(() => follow(lab));
    watch(lab);
    frame.focus();
  } catch (problem) {
    failed(problem);
  } finally {
    clearInterval(clock);
  }
}

/** Say in words that it does not go on, and what the reader can do. */
function failed(problem) {
  const note = document.createElement("p");
  note.className = "note";
  note.setAttribute("role", "alert");
  const again = Object.assign(document.createElement("a"), { href: location.href, textContent: "try again" });
  const page = Object.assign(document.createElement("a"), { href: `read/${name}.html`, textContent: "read the page" });
  note.append("A file did not come. Are you online? You can ", again, ", or ", page, `. (${problem.message})`);
  part("said").after(note);
}

open();
