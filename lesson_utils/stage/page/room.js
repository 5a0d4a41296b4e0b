// The room that an explorer has.

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
