// Painting: what came from the kernel, as SVG over a picture drawn once.

const SVG = "http://www.w3.org/2000/svg";
const PER_UNIT = 8;
const SLIP = 3; // pixels by which a hand slips in a click

function outline(piece) {
  if (piece.d !== undefined) return piece.d;
  const { points, codes } = piece;
  const out = [];
  for (let i = 0; i < (points?.length ?? 0); i += 1) {
    const code = codes ? codes[i] : i ? "L" : "M";
    const [x, y] = points[i];
    if (code === "Z") out.push("Z");
    else if (code === "C") {
      out.push(`C${x.toFixed(2)} ${y.toFixed(2)} ${points[i + 1]} ${points[i + 2]}`);
      i += 2;
    } else if (code === "Q") {
      out.push(`Q${x.toFixed(2)} ${y.toFixed(2)} ${points[i + 1]}`);
      i += 1;
    } else out.push(`${code}${x.toFixed(2)} ${y.toFixed(2)}`);
  }
  piece.d = out.join("");
  return piece.d;
}

// A number stays on the line of its letter and of its unit.
const bound = (words) =>
  words
    ?.replace(/ ([=·/]) /g, "\u00a0$1\u00a0")
    .replace(/(\d) (?=steps?\b|days?\b|times\b|%|°|million)/g, "$1\u00a0")
    .replace(/\b(day|step|last|newest) (?=\d)/gi, "$1\u00a0");

// A line whose points are all out of sight has none.
const marks = (piece, shape) => (piece.points ?? []).map(([x, y]) => `M${x.toFixed(2)} ${y.toFixed(2)}${shape}`).join("");

let figures = 0;

class Painter {
  constructor(conversation, el) {
    const { model } = conversation;
    this.conversation = conversation;
    this.width = model.get("width");
    this.height = model.get("height");
    this.name = `rd${(figures += 1)}-${model.get("key")}`; // an SVG id must be unique on the page
    this.clips = new Map();
    this.slots = [];
    this.handles = [];
    el.classList.add("rd-stage");
    el.innerHTML = `<style>.still-${model.get("key")}{display:none!important}</style>
      <div class="rd-picture" tabindex="-1" style="--ratio:${this.width / this.height}">
        <svg role="graphics-document" viewBox="0 0 ${this.width} ${this.height}" xmlns="${SVG}">
          <defs></defs><g id="${this.name}"><image width="${this.width}" height="${this.height}"></image><g></g><g></g></g></svg>
        <div class="rd-error" role="alert" hidden></div>
      </div>
      <p class="rd-twin" aria-live="polite"></p>
      <p class="rd-silent" role="status"></p>`;
    this.el = el;
    this.box = el.querySelector(".rd-picture");
    this.svg = el.querySelector("svg");
    this.defs = el.querySelector("defs");
    this.image = el.querySelector("image");
    [this.letters, this.group] = el.querySelectorAll("g > g");
    this.pieces = [];
    this.twin = el.querySelector(".rd-twin");
    this.error = el.querySelector(".rd-error");
    this.status = el.querySelector(".rd-silent");
  }

  paint(frame) {
    this.next = frame;
    this.tell(frame.error);
    if (frame.error) return this.note(frame);
    const { pictures, pieces } = this.conversation;
    const still = pictures.get(frame.background) ?? this.still;
    const coming = frame.layers.map((name) => pieces.get(name.slice(8))).filter((piece) => piece.url && !piece.decoded);
    if (this.still !== still || coming.length) this.swap(still, coming, frame);
    else this.lay(frame);
  }

  // A new picture is decoded before it is shown, and its layers come with it: no blank, no mixture.
  async swap(still, coming, frame) {
    const waiting = coming.map((piece) => piece.decoding);
    if (this.still !== still) {
      const picture = new Image();
      picture.src = still.url;
      waiting.push(picture.decode().catch(() => undefined));
    }
    await Promise.all(waiting);
    if (this.next !== frame) return;
    if (this.still !== still) {
      this.still = still;
      this.image.setAttribute("href", still.url);
      this.letters.replaceChildren(...this.write(still.letters ?? []));
      if (this.narrow) this.room.measure(); // another legend is cut elsewhere
    }
    this.lay(frame);
  }

  lay(frame) {
    frame.layers.forEach((name, i) => this.place(i, name));
    for (let i = frame.layers.length; i < this.slots.length; i += 1) this.slots[i].node.remove();
    this.slots.length = frame.layers.length;
    this.text(this.twin, bound(frame.twin));
    this.svg.setAttribute("aria-label", `${frame.label} ${frame.twin}`);
    this.placeHandles(frame.handles ?? []);
    this.grow();
    this.note(frame);
  }

  write(letters) {
    return letters.flatMap(([style, words]) =>
      words.map(([x, y, s]) => {
        const node = document.createElementNS(SVG, "text");
        this.setStyle(node, style);
        this.word(node, style, { x, y, s });
        return node;
      }),
    );
  }

  word(node, style, { x, y, s }) {
    node.setAttribute("x", x);
    node.setAttribute("y", y);
    if (style.turn) node.setAttribute("transform", `rotate(${style.turn} ${x} ${y})`);
    node.textContent = s;
  }

  // What a test or a teacher's script may ask the page: which picture is shown, and where the controls stand.
  note(frame) {
    this.noted = frame;
    this.el.dataset.picture = frame.error ? "" : frame.picture;
    this.el.dataset.shown = this.conversation.shown;
    this.el.dataset.painted = this.conversation.painted;
    this.exposeState();
  }

  // Said as soon as a control moves: until its frame comes, the picture is seen to be that of an older setting.
  exposeState() {
    this.el.dataset.state = JSON.stringify(this.conversation.state());
    this.rest();
  }

  // A figure is at rest when what it shows answers the setting of its controls, and it expects nothing: no view, and
  // no step of a walk either.
  rest() {
    const { seq, quiet, frame } = this.conversation;
    this.el.dataset.asked = seq;
    this.el.dataset.rest = quiet && this.furnished && this.noted === frame && !this.player?.timer ? "yes" : "no";
  }

  place(i, name) {
    let slot = this.slots[i];
    if (slot?.name === name) return;
    const style = this.conversation.pieces.get(name.slice(0, 8));
    const shape = this.conversation.pieces.get(name.slice(8));
    const tag = style.k === "text" || style.k === "image" ? style.k : "path";
    if (slot?.node.tagName !== tag) {
      const node = document.createElementNS(SVG, tag);
      if (slot) slot.node.replaceWith(node);
      else this.group.append(node);
      slot = this.slots[i] = { node };
    }
    if (slot.style !== style) this.setStyle(slot.node, style);
    if (tag === "text") {
      this.word(slot.node, style, shape);
    } else if (tag === "image") {
      const [x, y, width, height] = shape.box;
      const given = { x, y, width, height, preserveAspectRatio: "none", href: shape.url };
      for (const [key, value] of Object.entries(given)) slot.node.setAttribute(key, value);
    } else slot.node.setAttribute("d", style.k === "marks" ? marks(shape, style.shape) : outline(shape));
    slot.name = name;
    slot.style = style;
  }

  setStyle(node, style) {
    for (const { name } of [...node.attributes]) node.removeAttribute(name);
    const given = {
      fill: style.fill ?? "none",
      stroke: style.halo ?? style.stroke ?? "none",
      "stroke-width": style.halo_width ?? style.width,
      "stroke-dasharray": style.dash?.length ? style.dash.join(" ") : undefined,
      "stroke-linecap": style.cap === "projecting" ? "square" : style.cap,
      "stroke-linejoin": "round",
      style: style.size && `--size:${style.size}px`,
      dy: style.rise && `${style.rise}em`,
      "font-weight": style.weight,
      "text-anchor": style.anchor,
      "paint-order": style.halo ? "stroke" : undefined,
      opacity: style.opacity,
      "image-rendering": style.k === "image" && !style.smooth ? "pixelated" : undefined,
      "clip-path": style.clip ? `url(#${this.clip(style.clip)})` : undefined,
    };
    for (const [key, value] of Object.entries(given)) if (value !== undefined) node.setAttribute(key, value);
  }

  clip(box) {
    const key = box.join(" ");
    if (!this.clips.has(key)) {
      const id = `${this.name}-${this.clips.size}`;
      const [x, y, width, height] = box;
      this.defs.insertAdjacentHTML(
        "beforeend",
        `<clipPath id="${id}"><rect x="${x}" y="${y}" width="${width}" height="${height}"/></clipPath>`,
      );
      this.clips.set(key, id);
    }
    return this.clips.get(key);
  }

  text(node, words) {
    if (node.textContent !== (words ?? "")) node.textContent = words ?? "";
  }

  tell(problem) {
    this.error.hidden = !problem;
    this.text(this.error, problem);
    for (const { style } of [this.svg, ...this.pieces.map(({ node }) => node)]) style.visibility = problem ? "hidden" : "";
    if (problem) this.text(this.twin, "");
    for (const { button, field } of this.handles) {
      button.hidden = Boolean(problem);
      if (field) field.hidden = button.hidden;
    }
  }

  complain(words) {
    this.text(this.status, words);
  }

  // --- pieces: where the page is too narrow for the panels side by side, they stand under one another ---

  cut(narrow) {
    if (this.narrow === narrow && this.cutOf === this.still) return;
    this.narrow = narrow;
    this.cutOf = this.still;
    this.el.classList.toggle("rd-narrow", narrow);
    for (const { node } of this.pieces) node.remove();
    this.pieces = narrow ? (this.still?.pieces ?? []).map((piece) => this.piece(...piece)) : [];
    if (!narrow) for (const node of this.svg.querySelectorAll("text")) node.removeAttribute("visibility");
    // The first panel stands over the strip, where its sliders move it in sight; the others under the strip.
    const [, ...others] = this.pieces.filter(({ kind }) => kind === "panel");
    this.el.parentNode.append(...others.map(({ node }) => node));
    this.placeHandles(this.noted?.handles ?? []);
  }

  piece(kind, x, y, width, height) {
    const node = document.createElement("div");
    node.className = `rd-piece rd-${kind}`;
    node.style.cssText = `--wide:${width};--high:${height};aspect-ratio:${width}/${height}`;
    node.innerHTML = `<svg viewBox="${x} ${y} ${width} ${height}" aria-hidden="true"><use href="#${this.name}"/></svg>`;
    this.error.before(node);
    return { node, kind, x, y, width, height };
  }

  // The piece of the page in which a box of the picture lies; in a wide page, all of it.
  around([left, top, width, height]) {
    const [x, y] = [left + width / 2, top + height / 2];
    const inside = (one) => x >= one.x && x < one.x + one.width && y >= one.y && y < one.y + one.height;
    return this.pieces.find(inside) ?? { node: this.box, x: 0, y: 0, width: this.width, height: this.height };
  }

  // In a small piece the letters grow; of two that would run into each other then, one goes: numbers stay before
  // what moves, and both before the names of axes.
  grow() {
    if (!this.narrow) return;
    const texts = [...this.svg.querySelectorAll("text")].map((node) => {
      const piece = this.around([Number(node.getAttribute("x")), Number(node.getAttribute("y")), 0, 0]);
      const size = Math.max(piece.least ?? 0, parseFloat(node.style.getPropertyValue("--size")));
      node.setAttribute("font-size", size.toFixed(1)); // a piece shows what its attributes say
      const rank = node.parentNode === this.group ? 1 : /^[−\d.⁻⁰¹²³⁴-⁹]+%?$/.test(node.textContent) ? 0 : 2;
      return { node, piece, rank };
    });
    const taken = [];
    for (const { node, piece } of texts.sort((one, other) => one.rank - other.rank)) {
      const box = extent(node);
      const whole = box.x0 > piece.x - TOUCH && box.x1 < piece.x + piece.width + TOUCH;
      const free = whole && taken.every((other) => apart(box, other));
      node.setAttribute("visibility", free ? "visible" : "hidden");
      if (free) taken.push(box);
    }
  }

  // --- points that can be dragged ---

  placeHandles(handles) {
    while (this.handles.length > handles.length) {
      const { button, field } = this.handles.pop();
      button.remove();
      field?.remove();
    }
    handles.forEach((handle, i) => {
      if (!this.handles[i]) this.handles[i] = this.grip();
      const grip = this.handles[i];
      grip.handle = handle;
      const [left, top, width, height] = handle.box;
      const [x0, x1, y0, y1] = handle.limits;
      const x = left + ((handle.at[0] - x0) / (x1 - x0)) * width;
      const y = top + ((y1 - handle.at[1]) / (y1 - y0)) * height;
      const piece = (grip.piece = this.around(handle.box));
      if (grip.button.parentNode !== piece.node) piece.node.append(grip.button);
      grip.button.style.left = `${(100 * (x - piece.x)) / piece.width}%`;
      grip.button.style.top = `${(100 * (y - piece.y)) / piece.height}%`;
      grip.button.setAttribute("aria-label", handle.label);
      this.spread(grip);
    });
  }

  grip() {
    const button = document.createElement("button");
    const grip = { button };
    button.type = "button";
    button.className = "rd-handle";
    button.setAttribute("aria-roledescription", "point to drag");
    button.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab would take the arrow keys
    button.addEventListener("keydown", (event) => this.nudge(grip.handle, event));
    this.follow(grip, button);
    return grip;
  }

  // Where the point comes to the pointer, the axes lie under a field that takes the press.
  spread(grip) {
    if (!grip.handle.anywhere) {
      grip.field?.remove();
      grip.field = undefined;
      return;
    }
    if (!grip.field) {
      grip.field = document.createElement("div");
      grip.field.className = "rd-field";
      this.follow(grip, grip.field);
    }
    // Under the points, which can be taken hold of anywhere; a node that is moved loses the pointer that it follows.
    if (grip.button.previousSibling !== grip.field) grip.button.before(grip.field);
    const [left, top, width, height] = grip.handle.box;
    const { piece } = grip;
    Object.assign(grip.field.style, {
      left: `${(100 * (left - piece.x)) / piece.width}%`,
      top: `${(100 * (top - piece.y)) / piece.height}%`,
      width: `${(100 * width) / piece.width}%`,
      height: `${(100 * height) / piece.height}%`,
    });
  }

  // While `node` is held, the point follows the pointer. Taken by the disc it keeps its distance from the pointer,
  // and a press that hardly moves leaves it where it is: a click is for the arrow keys.
  follow(grip, node) {
    let held;
    node.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      node.setPointerCapture(event.pointerId);
      event.preventDefault();
      grip.button.focus({ preventScroll: true });
      const disc = grip.button.getBoundingClientRect();
      const middle = { x: disc.left + disc.width / 2, y: disc.top + disc.height / 2 };
      const { clientX: x, clientY: y } = event;
      held = node === grip.field ? { x, y, dx: 0, dy: 0, moves: true } : { x, y, dx: x - middle.x, dy: y - middle.y };
      if (held.moves) this.drag(grip, x, y);
    });
    node.addEventListener("pointermove", (event) => {
      if (!held) return;
      held.moves ||= Math.hypot(event.clientX - held.x, event.clientY - held.y) > SLIP;
      if (held.moves) this.drag(grip, event.clientX - held.dx, event.clientY - held.dy);
    });
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"])
      node.addEventListener(end, () => (held = undefined));
  }

  drag({ handle, piece }, clientX, clientY) {
    const frame = piece.node.getBoundingClientRect();
    const [left, top, width, height] = handle.box;
    const [x0, x1, y0, y1] = handle.limits;
    const x = (((clientX - frame.left) / frame.width) * piece.width + piece.x - left) / width;
    const y = (((clientY - frame.top) / frame.height) * piece.height + piece.y - top) / height;
    const inside = (part) => Math.min(1, Math.max(0, part));
    const at = [x0 + inside(x) * (x1 - x0), y1 - inside(y) * (y1 - y0)];
    const values = turned(at, -handle.turn).map((value, i) => {
      const stops = this.stops(handle, i);
      return stops ? nearest(stops, value) : rounded(value);
    });
    this.conversation.move(handle.controls, values);
  }

  nudge(handle, event) {
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    const [x0, x1, y0, y1] = handle.limits;
    const [low, high] = [[x0, y0], [x1, y1]];
    const raw = [0, 1].map((i) => {
      const moved = this.conversation.controls[handle.controls[i]];
      return moved?.control.get(moved.trait);
    });
    // A coordinate without a control stays where the point is.
    const now = turned(turned(handle.at, -handle.turn).map((value, i) => raw[i] ?? value), handle.turn);
    const size = event.shiftKey ? 0.1 : 0.01;
    const aim = now.map((value, i) => Math.min(high[i], Math.max(low[i], value + way[i] * size * (high[i] - low[i]))));
    const values = turned(aim, -handle.turn).map((value, i) => {
      const stops = this.stops(handle, i);
      if (!stops) return rounded(value);
      return Math.min(stops.length - 1, Math.max(0, raw[i] + way[i] * (event.shiftKey ? 10 : 1)));
    });
    this.conversation.move(handle.controls, values);
  }

  // Where the stops of the handle's i-th control lie in the axes; a control without stops has none.
  stops(handle, i) {
    return this.conversation.pieces.get(handle.stops[i])?.stops;
  }
}

const rounded = (value) => Number(value.toPrecision(4));

// The box around a text in its picture, turned or not.
function extent(node) {
  const { x, y, width, height } = node.getBBox();
  const corners = [[x, y], [x + width, y], [x, y + height], [x + width, y + height]];
  const turn = /rotate\((\S+) (\S+) (\S+)\)/.exec(node.getAttribute("transform"));
  const [angle, cx, cy] = turn ? turn.slice(1).map(Number) : [0, 0, 0];
  const seen = corners.map(([u, v]) => turned([u - cx, v - cy], (angle * Math.PI) / 180));
  const [xs, ys] = [0, 1].map((i) => seen.map((corner) => corner[i]));
  return { x0: cx + Math.min(...xs), y0: cy + Math.min(...ys), x1: cx + Math.max(...xs), y1: cy + Math.max(...ys) };
}

const TOUCH = 4; // units by which letters' boxes may overlap: they have air above and below
const SPACE = 8; // units between two words on one line: 0.25 and 0.50 would be read as one number
const apart = (a, b) =>
  a.x1 + SPACE < b.x0 || b.x1 + SPACE < a.x0 || a.y1 - TOUCH < b.y0 || b.y1 - TOUCH < a.y0;

function turned([x, y], angle) {
  const [c, s] = [Math.cos(angle), Math.sin(angle)];
  return [c * x - s * y, s * x + c * y];
}

function nearest(stops, value) {
  let best = 0;
  stops.forEach((stop, i) => {
    if (Math.abs(stop - value) < Math.abs(stops[best] - value)) best = i;
  });
  return best;
}

// ipywidgets leaves its handles without a name, and says the place of a stop in place of its value.
function nameHandles(el, control) {
  const handles = [...(el?.querySelectorAll(".noUi-handle") ?? [])];
  const readout = el?.querySelector(".widget-readout")?.textContent;
  handles.forEach((handle, i) => {
    const range = handles.length > 1;
    const said = {
      "aria-label": control.get("description") + (range ? [", from", ", to"][i] : ""),
      "aria-valuetext": range ? `${control.get("value")[i]}` : readout,
    };
    for (const [key, words] of Object.entries(said))
      if (words && handle.getAttribute(key) !== words) handle.setAttribute(key, words);
  });
}

function markTrack(el, wanted) {
  const track = el?.querySelector(".noUi-base");
  if (!track) return;
  const old = [...track.querySelectorAll(".rd-mark")];
  wanted.forEach((mark, i) => {
    const node = old[i] ?? track.appendChild(document.createElement("span"));
    // Its words would run into the value that stands to the right of a short slider.
    const late = mark.at > 0.8 || track.clientWidth * (1 - mark.at) < 90;
    node.className = `rd-mark rd-${mark.kind}${late ? " rd-late" : ""}`;
    node.style.left = `${100 * mark.at}%`;
    node.dataset.text = mark.text; // shown by CSS, so that it is no part of the slider's name
  });
  old.slice(wanted.length).forEach((node) => node.remove());
}
