// Keys: 1 to 9 for the presets, left and right for the walk, R for Reset.

const SLIDERS = ".noUi-handle, .rd-handle"; // the arrows are their own there
const TYPED = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable=true], .cm-editor";
const LOOKS = 50; // looks, 200 ms apart, for the buttons' views, which come after the stage's

class Keys {
  constructor(player, el) {
    this.player = player;
    this.el = el;
    this.onKey = (event) => this.press(event);
    // On the window and before everybody else: JupyterLab's digits would turn the cell into a heading.
    window.addEventListener("keydown", this.onKey, true);
    this.name(LOOKS);
  }

  get root() {
    return this.el.closest(".rd-explorer");
  }

  end() {
    clearTimeout(this.later);
    window.removeEventListener("keydown", this.onKey, true);
  }

  press(event) {
    const key = keyOf(event);
    if (!key || event.target.closest?.(TYPED) || event.target.isContentEditable) return;
    if (ARROWS[key] && event.target.closest?.(SLIDERS)) return;
    const action = this.el === meant() && this.action(key);
    if (!action) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!event.repeat || ARROWS[key]) action();
  }

  action(key) {
    if (ARROWS[key]) return this.step(key);
    const button = this.root.querySelector(`.rd-presets [data-key="${key}"]`);
    return button && (() => (this.player && this.player.stop(), button.click()));
  }

  // Without a walk the arrows move the slider that was moved last, and the first one before that.
  step(key) {
    if (this.player) return () => this.player.go((at) => at + ARROWS[key]);
    const handle = this.root.contains(this.last) ? this.last : this.root.querySelector(".noUi-handle");
    return handle && (() => handle.dispatchEvent(new KeyboardEvent("keydown", { key, cancelable: true })));
  }

  // Each button is given its key, for the eye (the projector's page shows it) and for a screen reader.
  name(patience) {
    const box = this.root?.querySelector(".rd-presets");
    const buttons = [...(box?.querySelectorAll("button") ?? [])];
    if (!buttons.length || buttons.length < box.children.length) {
      if (patience) this.later = setTimeout(() => this.name(patience - 1), 200);
      return;
    }
    this.root.addEventListener("focusin", ({ target }) => (this.last = target.closest(".noUi-handle") ?? this.last));
    // A click beside a handle brings it there; then the arrow keys are for it.
    this.root.addEventListener("pointerup", ({ target }) => {
      const handles = target.closest(".noUi-target")?.querySelectorAll(".noUi-handle") ?? [];
      if (handles.length === 1) handles[0].focus({ preventScroll: true });
    });
    const presets = buttons.filter((button) => !button.classList.contains("rd-reset")).slice(0, 9);
    const named = [...presets.map((button, i) => [button, `${i + 1}`]), [box.querySelector(".rd-reset"), "R"]];
    const [, back, , on] = this.player ? this.player.bar.children : [];
    if (this.player) named.push([back, "ArrowLeft"], [on, "ArrowRight"]);
    for (const [button, key] of named) {
      button.dataset.key = SIGNS[key] ?? key;
      button.setAttribute("aria-keyshortcuts", key);
    }
    this.help(presets.length);
  }

  // One line that says the keys, where no click is needed for them.
  help(count) {
    if (!inView()) return;
    const slider = this.root.querySelector(".noUi-handle")?.getAttribute("aria-label");
    const arrows = this.player ? "step back and on" : `move ${slider ?? "the slider"}, or the slider moved last`;
    const line = document.createElement("p");
    line.className = "rd-keys";
    const more = document.body.dataset.rdKeysMore; // what the page's own keys do
    line.textContent = [`Keys: 1 to ${count} presets`, `← → ${arrows}`, "R reset", more].filter(Boolean).join(" · ");
    this.root.append(line);
  }
}

const ARROWS = { ArrowLeft: -1, ArrowRight: 1 };
const SIGNS = { ArrowLeft: "←", ArrowRight: "→" };

// The key that we know by this name, or nothing. A French keyboard has its digits under other letters.
function keyOf(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return undefined;
  if (ARROWS[event.key]) return event.shiftKey ? undefined : event.key;
  if (/^[1-9]$/.test(event.key)) return event.key;
  if (/^r$/i.test(event.key)) return "R";
  return event.shiftKey || /^[a-z0]$/i.test(event.key) ? undefined : /^Digit([1-9])$/.exec(event.code)?.[1];
}

// A page may say that keys are for the figure in view; on any other they are for the one that has the focus.
const inView = () => document.body.dataset.rdKeys === "in view";

function meant() {
  const held = document.activeElement?.closest(".rd-explorer")?.querySelector(".rd-stage");
  if (!inView()) return held;
  const stages = [...document.querySelectorAll(".rd-stage")];
  const best = stages.reduce((one, other) => (seen(other) > seen(one) ? other : one), held ?? stages[0]);
  return best && seen(best) > 0 ? best : undefined;
}

// How much of a figure's height is in view, in pixels.
function seen(stage) {
  const { top, bottom } = stage.querySelector(".rd-picture").getBoundingClientRect();
  return Math.min(bottom, window.innerHeight) - Math.max(top, 0);
}
