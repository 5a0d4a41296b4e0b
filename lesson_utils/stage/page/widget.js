// The browser's half of the stage: it watches the controls, asks the kernel for frames (several in flight over
// a slow link, the last setting always wins) and paints what comes back as SVG over a picture drawn once.
// The parts beside this file are one script: they are joined in the order in which stage.py names them.

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
  conversation.ready.then(() => setTimeout(() => conversation.markTracks(), 300)); // the sliders' views come a moment later
  if (player) player.wait();
  return () => {
    if (player) player.end();
    room.end();
    keys.end();
    conversation.views.delete(painter);
  };
}

export default { initialize, render };
