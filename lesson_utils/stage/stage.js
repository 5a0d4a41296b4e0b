// The browser's half of the stage: it watches the controls, asks the kernel for frames (several in flight over
// a slow link, the last setting always wins) and paints what comes back as SVG over a picture drawn once.

const SVG = "http://www.w3.org/2000/svg";
const IN_FLIGHT = 4; // at most; more would not make the slowest link faster
const RECENT = 100; // answers that are remembered to know how quick they can be
const SILENCE = 5000; // ms without an answer before the page says so
const PATIENCE = 60000; // ms between two questions to a kernel that stays silent, at most
const RESTORING = 6000; // ms that the page's widgets take at most to fetch the kernel's state after a lost connection
const KEPT = 600; // pieces remembered; a frame has about 80
const PER_UNIT = 8;
const SLIP = 3; // pixels by which a hand slips in a click

const LOST = "The connection to the server is lost. The figure follows as soon as it is back.";
const SILENT = "The kernel does not answer. If it is busy, the figure follows later; if it has ended, choose Run All Cells.";
const ENDED =
  "The kernel has ended or was restarted; the figure stands still. Run the cells again: " +
  "Kernel → Restart Kernel and Run All Cells… If nothing happens then, save, reload this page, and do it again.";
const GONE = ["restarting", "autorestarting", "terminating", "dead"]; // a kernel that has been one of these knows no figure

// --- how many frames may be asked for at once ----------------------------------------------------------

// Over a slow link every answer is late, also the quickest: several questions on their way make more frames.
// In a busy kernel, or on a server that a class shares, answers are late because they wait for each other: there
// a second question only makes all of them later. The quickest answer of late tells one from the other. TCP Vegas
// has the same rule: what is asked for and takes longer than the quickest is queued somewhere.
// workshop/benchmarks/student.py follows this rule too: change both.
class Asking {
  constructor() {
    this.most = 1;
    this.answers = 0;
    this.times = [];
    this.usual = undefined;
  }

  answered(ms) {
    this.answers += 1;
    this.times.push(ms);
    if (this.times.length > RECENT) this.times.shift();
    this.usual = this.usual === undefined ? ms : this.usual + (ms - this.usual) / 4;
    const queued = this.most * (1 - Math.min(...this.times) / this.usual);
    if (this.answers % RECENT === 0) this.most = 1; // how quick is an answer that waits for no other of ours?
    else if (queued > 0.7) this.most = Math.max(1, this.most - 1);
    else if (queued < 0.35) this.most = Math.min(IN_FLIGHT, this.most + 1);
  }
}

// --- one conversation for each model, shared by its views ----------------------------------------------

class Conversation {
  constructor(model) {
    this.model = model;
    this.views = new Set();
    this.pieces = new Map(); // name -> style or geometry
    this.pictures = new Map(); // name -> object URL of a background, its letters and its pieces
    this.waiting = new Map(); // seq -> time asked
    this.asking = new Asking();
    this.patience = SILENCE;
    this.seq = 0;
    this.shown = 0;
    this.painted = 0;
    this.wanted = false;
    this.controls = {};
    this.frame = null;
    this.held = new Map(); // frame id -> names of its layers
    this.page = Math.random().toString(36).slice(2, 10);
    this.onMessage = (content, buffers) => this.receive(content, buffers);
    model.on("msg:custom", this.onMessage);
    this.take(model.get("first_frame"), [model.get("first_bytes"), model.get("first_background")]);
    this.clock = setInterval(() => this.watch(), 1000);
    this.ready = this.connect();
    this.heed(model.widget_manager);
  }

  async connect() {
    const wanted = Object.entries(this.model.get("controls"));
    await Promise.all(
      wanted.map(async ([name, [id, trait]]) => {
        const control = await this.model.widget_manager.get_model(id);
        this.controls[name] = { control, trait };
        this.listen(control, `change:${trait}`, (_, value, options) => {
          if (this.kept && (this.lost || options?.updated_view)) this.kept[name] = value;
          this.changed();
        });
        this.listen(control, "comm_live_update", () => control.comm_live || this.trouble({ ended: true }));
      }),
    );
    this.mark();
    this.changed(); // the controls may have moved since the first frame was drawn
  }

  listen(control, event, handler) {
    control.on(event, handler);
    (this.unlisten ??= []).push(() => control.off(event, handler));
  }

  state() {
    const now = {};
    for (const [name, { control, trait }] of Object.entries(this.controls)) now[name] = control.get(trait);
    return now;
  }

  // Several controls can change in one message (a preset does): one frame answers them all.
  changed() {
    const { queued } = this;
    this.queued = true;
    for (const painter of this.views) painter.stand();
    if (queued) return;
    queueMicrotask(() => {
      this.queued = false;
      this.spell(); // the slider has written its own words by now
      this.ask();
    });
  }

  ask() {
    if (this.ended) return;
    this.wanted = this.waiting.size >= this.asking.most;
    if (this.wanted) return;
    this.seq += 1; // from the first one on, the page knows the controls
    this.waiting.set(this.seq, performance.now());
    this.send({ kind: "ask", page: this.page, seq: this.seq, base: this.frame?.id, state: this.state() });
    this.rest();
  }

  send(message) {
    try {
      this.model.send(message);
    } catch {
      this.trouble({ ended: true }); // no message can be sent to the kernel that this figure belonged to
    }
  }

  // A button with the class rd-act-NAME acts on what the page shows: the message of a slider may come to the kernel
  // after that of a button, because ipywidgets holds it back or another thread takes it.
  act({ target }) {
    const [, name] = /\brd-act-(\w+)/.exec(target.closest("button")?.className) ?? [];
    if (name && !this.ended) this.send({ kind: "act", name, state: this.state() });
  }

  // Nothing is asked, nothing waits to be asked, and nothing of a lost connection is still to be made good.
  get quiet() {
    return this.seq > 0 && !(this.queued || this.wanted || this.waiting.size || this.kept || this.ended);
  }

  rest() {
    for (const painter of this.views) painter.rest();
  }

  receive(content, buffers) {
    if (content.kind === "again") return this.changed();
    if (content.kind !== "frame" || content.page !== this.page) return; // another page on this kernel asked
    if (this.waiting.has(content.seq)) this.asking.answered(performance.now() - this.waiting.get(content.seq));
    this.waiting.delete(content.seq);
    this.patience = SILENCE;
    this.trouble({ silent: false });
    if (content.seq > this.shown) {
      this.shown = content.seq;
      this.take(content, buffers);
    }
    if (this.wanted) this.ask();
    else this.rest();
  }

  take(frame, buffers) {
    const bytes = view(buffers?.[0]);
    for (const [name, piece] of Object.entries(frame.new ?? {})) {
      if (piece.png) decodePicture(piece, bytes);
      else if (piece.at !== undefined) piece.points = decode(piece, bytes);
      this.pieces.delete(name);
      this.pieces.set(name, piece);
    }
    if (!frame.error) {
      const base = this.held.get(frame.base) ?? [];
      frame.layers = frame.layers.map((name, i) => name || base[i]); // 0: as in the frame it was asked against
      this.held.set(frame.id, frame.layers);
      forget(this.held, 32, () => undefined);
      for (const name of frame.layers) for (const part of [name.slice(0, 8), name.slice(8)]) this.touch(part);
      for (const handle of frame.handles) for (const name of handle.stops) this.touch(name);
    }
    forget(this.pieces, KEPT, () => undefined);
    if (frame.background && buffers?.[1]?.byteLength) {
      const url = URL.createObjectURL(new Blob([buffers[1]], { type: "image/png" }));
      this.pictures.set(frame.background, { url, letters: frame.letters, pieces: frame.pieces });
      forget(this.pictures, 8, (old) => URL.revokeObjectURL(old.url));
    }
    this.frame = frame.error ? { ...(this.frame ?? {}), error: frame.error } : frame;
    this.painted += 1;
    for (const painter of this.views) painter.paint(this.frame);
    this.mark();
  }

  // A piece that is in use must not be the next to be forgotten.
  touch(name) {
    const piece = this.pieces.get(name);
    this.pieces.delete(name);
    this.pieces.set(name, piece);
  }

  // What was asked may be lost, as its answer may be: the question is put again, less and less often.
  watch() {
    const oldest = Math.min(...this.waiting.values());
    if (this.ended || performance.now() - oldest < this.patience) return;
    this.patience = Math.min(PATIENCE, 2 * this.patience);
    this.trouble({ silent: true });
    this.again();
  }

  again() {
    this.waiting.clear();
    this.ask();
  }

  // --- a kernel that ends, a connection that is lost ---

  // Where there is no kernel to watch (a page made of a notebook), nothing is ever said of it.
  heed(manager) {
    const { kernel } = manager ?? {};
    if (!kernel?.statusChanged) return;
    const ended = () => this.trouble({ ended: true });
    const status = () => GONE.includes(kernel.status) && ended();
    const connection = () => (kernel.connectionStatus === "connected" ? this.back() : this.cut());
    const restored = () => this.restore();
    // The kernel itself says that it goes, also when somebody else has ended or restarted it.
    const message = (_, { header }) => header.msg_type === "shutdown_reply" && ended();
    const signals = [
      [kernel.disposed, ended], // shut down from this page, or another kernel taken: its connection ends without a status
      [kernel.iopubMessage, message],
      [kernel.statusChanged, status],
      [kernel.connectionStatusChanged, connection],
      [manager.restored, restored],
    ];
    for (const [signal, slot] of signals) {
      signal?.connect(slot);
      (this.unlisten ??= []).push(() => signal?.disconnect(slot));
    }
  }

  // The kernel may know an older setting than the page, and the page's widgets would go back to it when they
  // meet again: what a hand has set is kept until they have met.
  cut() {
    this.kept ??= this.state();
    this.trouble({ lost: true });
  }

  back() {
    if (!this.lost) return;
    this.trouble({ lost: false });
    setTimeout(() => this.restore(), RESTORING); // not every page says when its widgets have been restored
    this.again();
  }

  restore() {
    if (this.lost || this.ended) return;
    for (const [name, value] of Object.entries(this.kept ?? {})) {
      const { control, trait } = this.controls[name];
      // ipywidgets would wait for ever for the answer to a message that was lost.
      control._pending_msgs = 0;
      control._msg_buffer = null;
      control.save({ [trait]: value }, { patch: true });
    }
    if (this.kept) this.changed();
    this.kept = undefined;
  }

  // What the page says under the figure: the worst of it.
  trouble(what) {
    Object.assign(this, what);
    const words = this.ended ? ENDED : this.lost ? LOST : this.silent ? SILENT : "";
    if (this.words === words) return;
    this.words = words;
    for (const painter of this.views) painter.complain(words);
    this.rest();
  }

  // What a screen reader says of the sliders.
  spell() {
    for (const { control } of Object.values(this.controls))
      for (const pending of Object.values(control.views ?? {})) pending.then((shown) => nameHandles(shown.el, control));
  }

  // The limits of the frame, as marks on the sliders' own tracks.
  mark() {
    this.spell();
    for (const [name, marks] of Object.entries(this.frame?.marks ?? {})) {
      const control = this.controls[name]?.control;
      for (const pending of Object.values(control?.views ?? {})) pending.then((shown) => markTrack(shown.el, marks));
    }
  }

  move(names, values) {
    names.forEach((name, i) => {
      const { control, trait } = this.controls[name];
      const low = control.get("min") ?? -Infinity;
      const high = control.get("max") ?? Infinity;
      control.set(trait, Math.min(high, Math.max(low, values[i])));
      control.save_changes();
    });
  }

  end() {
    clearInterval(this.clock);
    this.model.off("msg:custom", this.onMessage);
    for (const undo of this.unlisten ?? []) undo();
    for (const { url } of this.pictures.values()) URL.revokeObjectURL(url);
  }
}

function forget(map, most, onForget) {
  for (const [name, thing] of map) {
    if (map.size <= most) return;
    map.delete(name);
    onForget(thing);
  }
}

function view(data) {
  if (!data) return new DataView(new ArrayBuffer(0));
  return data instanceof DataView ? data : new DataView(data.buffer ?? data, data.byteOffset ?? 0, data.byteLength);
}

function decode(piece, bytes) {
  const points = new Array(piece.n);
  for (let i = 0; i < piece.n; i += 1) {
    if (piece.x) {
      points[i] = [piece.x[0] + i * piece.x[1], bytes.getInt16(piece.at + 2 * i, true) / PER_UNIT];
    } else {
      const at = piece.at + 4 * i;
      points[i] = [bytes.getInt16(at, true) / PER_UNIT, bytes.getInt16(at + 2, true) / PER_UNIT];
    }
  }
  return points;
}

// A moving picture is decoded before a frame with it is shown, and kept, so that it is never blank.
function decodePicture(piece, bytes) {
  const data = new Uint8Array(bytes.buffer, bytes.byteOffset + piece.at, piece.png);
  piece.image = new Image();
  piece.image.src = piece.url = `data:image/png;base64,${btoa(String.fromCharCode(...data))}`;
  const done = () => (piece.decoded = true);
  piece.decoding = piece.image.decode().then(done, done);
}

// --- painting ------------------------------------------------------------------------------------------

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
    this.settle(frame.handles ?? []);
    this.grow();
    this.note(frame);
  }

  write(letters) {
    return letters.flatMap(([style, words]) =>
      words.map(([x, y, s]) => {
        const node = document.createElementNS(SVG, "text");
        this.dress(node, style);
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
    this.stand();
  }

  // Said as soon as a control moves: until its frame comes, the picture is seen to be that of an older setting.
  stand() {
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
    if (slot.style !== style) this.dress(slot.node, style);
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

  dress(node, style) {
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
    this.settle(this.noted?.handles ?? []);
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

  settle(handles) {
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

// --- walking through a control, a step at a time ---

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

// --- the room that an explorer has ---

const LEAST = 160; // pixels: no picture is lower, however low the window
const LETTER = 11; // pixels: no letter of a picture is smaller
const NARROW = 900; // pixels: in a narrower window the panels stand under one another
const NARROW_LETTER = 12;
const LOW = 450; // pixels: in a lower window the strip has no room under the picture
const SIDE = 600; // pixels: so wide must it be to have room beside it
const AIR = 12; // pixels above and below an explorer that fills its window
const WORDS = "Momentum, α = 4, β = 0.9: settles in 96 steps (limit α = 38). "; // as wide as any, letter by letter
const WRAP = 1.03; // lines end before a word that does not fit
const HANDS = ["wheel", "pointerdown", "keydown"]; // with the first of them the reader scrolls, and nobody else

// The picture gives way: it is as high as the window leaves it beside everything else. What is measured depends
// neither on the picture nor on its present sentence, so no drag and no preset moves it.
class Room {
  constructor(painter, { letters, controls }, player) {
    const { el, box, twin, status } = painter;
    Object.assign(this, { painter, el, box, twin, status, letters, player, controls });
    painter.room = this;
    this.hands = () => this.leave();
    this.sized = () => this.measure();
    this.stays = () => this.stay();
    this.pressed = (event) => painter.conversation.act(event);
    this.seen = new ResizeObserver(this.sized);
    this.later = requestAnimationFrame(() => this.enter()); // the stage has its place on the page by then
  }

  enter() {
    if (!this.el.isConnected) {
      this.later = requestAnimationFrame(() => this.enter());
      return;
    }
    this.root = this.el.closest(".rd-explorer");
    if (!this.root) return this.settled();
    this.window = scroller(this.root);
    this.coming = new MutationObserver(this.sized); // the views of the controls come one by one
    this.coming.observe(this.root, { childList: true, subtree: true });
    this.seen.observe(this.root);
    this.root.addEventListener("click", this.pressed);
    if (this.window) this.seen.observe(this.window);
    else window.addEventListener("resize", this.sized);
    for (const kind of HANDS) window.addEventListener(kind, this.hands, true);
    this.window?.addEventListener("scroll", this.stays);
    this.measure();
  }

  settled() {
    this.coming?.disconnect();
    this.coming = undefined;
    this.painter.furnished = true;
    this.painter.rest();
  }

  measure() {
    if (this.root.clientWidth === 0) return; // a page that is not in front has no width
    this.furnish();
    const tall = (node) => node.getBoundingClientRect().height;
    const lines = parseFloat(getComputedStyle(this.twin).minHeight);
    const said = tall(this.status) + Math.max(0, tall(this.twin) - lines);
    const { top, bottom } = this.root.getBoundingClientRect();
    // On the wall, what is seldom moved may stand below the window.
    const end = (inView() && this.root.querySelector(".rd-sliders")?.getBoundingClientRect().bottom) || bottom;
    const strip = Math.ceil(end - top - tall(this.box) - said);
    const high = this.window?.clientHeight ?? window.innerHeight;
    const low = high < LOW && this.root.clientWidth > SIDE;
    const narrow = low || window.innerWidth < NARROW;
    this.painter.cut(narrow);
    this.root.classList.toggle("rd-low", low); // the strip stands beside the first panel
    const first = this.painter.pieces.find(({ kind }) => kind === "panel");
    const beside = tall(this.root.querySelector(".rd-presets")) + tall(this.box) - (first ? tall(first.node) : 0);
    this.give("--room", `${Math.max(LEAST, Math.floor(high - (low ? beside : strip) - AIR))}px`);
    // The letters of a picture grow where the picture shrinks; in pieces, each for its own.
    this.give("--least", `${Math.round((10 * LETTER * this.painter.width) / this.box.clientWidth) / 10}px`);
    for (const piece of this.painter.pieces) piece.least = (NARROW_LETTER * piece.width) / piece.node.clientWidth;
    this.painter.grow();
    this.stay();
    const views = this.root.querySelectorAll(`:is(.rd-sliders, .rd-row) > [class*="widget-"]`);
    if (this.coming && views.length >= this.controls) this.settled();
  }

  give(name, value) {
    if (this.el.style.getPropertyValue(name) !== value) this.el.style.setProperty(name, value);
  }

  // What hangs on the width, or comes later than the stage.
  furnish() {
    const row = this.player && this.root.querySelector(".rd-walk");
    if (row && row.lastElementChild !== this.player.bar) row.append(this.player.bar);
    const pen = document.createElement("canvas").getContext("2d");
    pen.font = getComputedStyle(this.twin).font;
    const each = pen.measureText(WORDS).width / WORDS.length;
    this.give("--lines", `${Math.ceil((WRAP * this.letters * each) / this.twin.clientWidth)}`);
    const box = this.root.querySelector(".rd-presets");
    const buttons = [...(box?.querySelectorAll("button") ?? [])];
    const now = `${box?.clientWidth} ${buttons.map((one) => one.textContent)}`;
    if (this.folded !== now) this.fold(box, buttons);
    this.folded = now;
  }

  // The presets that have no room in their row stand in a menu at its end.
  fold(box, buttons) {
    for (const one of buttons) one.classList.remove("rd-over");
    this.menu?.remove();
    if (box.scrollWidth <= box.clientWidth) return;
    this.menu = box.appendChild(document.createElement("select"));
    this.menu.className = "rd-more";
    this.menu.setAttribute("aria-label", "More presets");
    const over = [];
    do {
      over.unshift(buttons.pop());
      over[0].classList.add("rd-over");
      this.menu.replaceChildren(new Option(`${over.length} more …`), ...over.map((one) => new Option(one.textContent)));
    } while (box.scrollWidth > box.clientWidth && buttons.length);
    this.menu.addEventListener("change", () => {
      over[this.menu.selectedIndex - 1]?.click();
      this.menu.selectedIndex = 0;
    });
  }

  // JupyterLab brings the next cell to the middle of the window when this one has run, and the figure out of sight.
  stay() {
    const cell = this.root.closest(".jp-Cell");
    const front = cell && [cell, cell.nextElementSibling].some((one) => one?.classList.contains("jp-mod-active"));
    const block = this.root.clientHeight > this.window?.clientHeight ? "start" : "nearest";
    if (front && !this.left) this.root.scrollIntoView({ block });
  }

  leave() {
    this.left = true;
    for (const kind of HANDS) window.removeEventListener(kind, this.hands, true);
    this.window?.removeEventListener("scroll", this.stays);
  }

  end() {
    cancelAnimationFrame(this.later);
    this.leave();
    window.removeEventListener("resize", this.sized);
    this.root?.removeEventListener("click", this.pressed);
    this.coming?.disconnect();
    this.seen.disconnect();
  }
}

// What scrolls around a node, or nothing where the page itself does.
function scroller(node) {
  for (let one = node.parentElement; one && one !== document.body; one = one.parentElement)
    if (one.matches(".jp-WindowedPanel-outer, .jp-NotebookPanel-notebook, .jp-LinkedOutputView")) return one;
  return undefined;
}

// --- keys: 1 to 9 for the presets, left and right for the walk, R for Reset ---

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

// --- the widget ----------------------------------------------------------------------------------------

const conversations = new Map();

function initialize({ model }) {
  const conversation = new Conversation(model);
  conversations.set(model.get("key"), conversation);
  return () => {
    conversation.end();
    if (conversations.get(model.get("key")) === conversation) conversations.delete(model.get("key"));
  };
}

function render({ model, el }) {
  const conversation = conversations.get(model.get("key"));
  const painter = new Painter(conversation, el);
  const player = model.get("player") && new Player(conversation, model.get("player"), painter);
  const keys = new Keys(player, el);
  const room = new Room(painter, { letters: model.get("letters"), controls: Object.keys(model.get("controls")).length }, player);
  conversation.views.add(painter);
  painter.paint(conversation.frame);
  painter.complain(conversation.words);
  conversation.ready.then(() => setTimeout(() => conversation.mark(), 300)); // the sliders' views come a moment later
  if (player) player.wait();
  return () => {
    if (player) player.end();
    room.end();
    keys.end();
    conversation.views.delete(painter);
  };
}

export default { initialize, render };
