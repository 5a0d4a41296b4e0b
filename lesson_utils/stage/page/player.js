// Walking through a control, a step at a time.

const PACE = 250; // ms between two steps: slow enough to see both arrows
const WHOLE = 0.98; // of a picture that is in view: the rest is rounding

class Player {
  constructor(conversation, name, painter) {
    Object.assign(this, { conversation, name, painter });
    painter.player = this;
    this.bar = document.createElement("div");
    const { bar } = this;
    bar.className = "rd-player";
    bar.setAttribute("role", "group");
    bar.setAttribute("aria-label", "Walk through the steps");
    const add = (words, label, action) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = words;
      button.title = label;
      button.addEventListener("click", action);
      bar.append(button);
      return button;
    };
    add("|◀ start", "Go back to the start", () => this.go(() => 0));
    add("◀ back", "One step back", () => this.go((at) => at - 1));
    this.button = add("▶ walk", "Walk or stop", () => (this.timer ? this.stop() : this.start()));
    add("step ▶", "One step on", () => this.go((at) => at + 1));
    add("all ▶|", "Show the whole run", () => this.go(() => Infinity));
  }

  get control() {
    return this.conversation.controls[this.name].control;
  }

  go(where) {
    this.stop();
    this.set(where(this.control.get("value")));
  }

  set(value) {
    const inside = Math.min(this.control.get("max"), Math.max(this.control.get("min"), value));
    this.control.set("value", inside);
    this.control.save_changes();
  }

  start() {
    if (this.control.get("value") >= this.control.get("max")) this.set(this.control.get("min"));
    this.button.textContent = "■ stop";
    this.painter.twin.ariaLive = "off"; // four sentences a second are read aloud by nobody
    this.timer = setInterval(() => {
      if (this.control.get("value") >= this.control.get("max")) this.stop();
      else this.set(this.control.get("value") + 1);
    }, PACE);
    this.painter.rest();
  }

  stop() {
    clearInterval(this.timer);
    this.timer = undefined;
    this.button.textContent = "▶ walk";
    this.painter.twin.ariaLive = "polite";
    this.painter.rest();
  }

  // The figure walks by itself when it is first seen whole, unless a hand was there before.
  async wait() {
    const { model } = this.conversation;
    await this.conversation.ready;
    const still = () => !model.get("walks") || inView() || matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (this.ended || still()) return;
    const root = this.painter.el.closest(".rd-explorer") ?? this.painter.el;
    const look = ([{ intersectionRatio }]) => {
      if (still()) return this.leave();
      if (intersectionRatio < WHOLE) return;
      this.leave();
      this.start();
    };
    // Once for all views of the figure, and not again when the page is loaded anew.
    this.leave = () => {
      this.eyes.disconnect();
      for (const kind of HANDS.slice(1)) root.removeEventListener(kind, this.leave, true);
      model.set("walks", false);
      model.save_changes();
    };
    for (const kind of HANDS.slice(1)) root.addEventListener(kind, this.leave, true);
    this.eyes = new IntersectionObserver(look, { threshold: WHOLE });
    this.eyes.observe(this.painter.box);
  }

  end() {
    this.ended = true;
    this.eyes?.disconnect();
    this.stop();
  }
}
