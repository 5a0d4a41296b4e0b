// One conversation with the kernel for each model, shared by its views.

const SILENCE = 5000; // ms without an answer before the page says so
const PATIENCE = 60000; // ms between two questions to a kernel that stays silent, at most
const RESTORING = 6000; // ms that the page's widgets take at most to fetch the kernel's state after a lost connection
const KEPT = 600; // pieces remembered; a frame has about 80

const LOST = "The connection to the server is lost. The figure follows as soon as it is back.";
const SILENT = "The kernel does not answer. If it is busy, the figure follows later; if it has ended, choose Run All Cells.";
const ENDED =
  "The kernel has ended or was restarted; the figure stands still. Run the cells again: " +
  "Kernel → Restart Kernel and Run All Cells… If nothing happens then, save, reload this page, and do it again.";
const GONE = ["restarting", "autorestarting", "terminating", "dead"]; // a kernel that has been one of these knows no figure

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
    this.clock = setInterval(() => this.checkSilence(), 1000);
    this.ready = this.connect();
    this.watchKernel(model.widget_manager);
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
    this.markTracks();
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
    for (const painter of this.views) painter.exposeState();
    if (queued) return;
    queueMicrotask(() => {
      this.queued = false;
      this.labelSliders(); // the slider has written its own words by now
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
    this.markTracks();
  }

  // A piece that is in use must not be the next to be forgotten.
  touch(name) {
    const piece = this.pieces.get(name);
    this.pieces.delete(name);
    this.pieces.set(name, piece);
  }

  // What was asked may be lost, as its answer may be: the question is put again, less and less often.
  checkSilence() {
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
  watchKernel(manager) {
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
  labelSliders() {
    for (const { control } of Object.values(this.controls))
      for (const pending of Object.values(control.views ?? {})) pending.then((shown) => nameHandles(shown.el, control));
  }

  // The limits of the frame, as marks on the sliders' own tracks.
  markTracks() {
    this.labelSliders();
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
