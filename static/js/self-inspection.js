// The self-inspection: every answer is kept on this phone at once and sent to the portal when it can be.
//
// For each item the script knows `base`, what the portal had when last heard of, and what the page shows.
// What differs is "ours": it lies in localStorage until the portal has acknowledged it, so it outlives a
// lost connection, a session that ended and a closed page. When somebody else has saved meanwhile, items
// that only one side changed are put together silently; about the others the person decides.

const form = document.getElementById("sheet");
const say = form.dataset;
const cards = [...form.querySelectorAll("[data-item]")];
const storageKey = `self-inspection:${document.body.dataset.user}:${say.inspection}`;
const EMPTY = { result: "", note: "", way: "", plan: "", plan_due_on: "", before: [], after: [] };
const TEXTS = ["note", "plan", "plan_due_on"];

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "";
// In the portal's time, whatever the phone is set to: the other times on the page come from the portal.
const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short", timeZone: say.timeZone });
const clockTime = (at) => clock.format(new Date(at));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const notice = (text, tone = "info") =>
  document.dispatchEvent(new CustomEvent("safegrid:notice", { detail: { text, tone } }));

// -- one item ----------------------------------------------------------------------------------------

const named = (card, name) => [...card.querySelectorAll(`[name="i${card.dataset.item}-${name}"]`)];
const chosen = (card, name) => named(card, name).find((radio) => radio.checked)?.value || "";
const photos = (card, name) =>
  named(card, name)
    .filter((box) => box.checked)
    .map((box) => box.value)
    .sort();

function read(card) {
  const state = { ...EMPTY, result: chosen(card, "result") };
  if (state.result && state.result !== "not_ok") return state; // words and photos count only where something is wrong
  state.way = chosen(card, "way");
  for (const name of TEXTS) state[name] = named(card, name)[0].value;
  state.before = photos(card, "before");
  state.after = photos(card, "after");
  return state;
}

function show(card, state) {
  for (const name of ["result", "way"]) {
    for (const radio of named(card, name)) radio.checked = radio.value === state[name];
  }
  for (const name of TEXTS) named(card, name)[0].value = state[name];
  for (const name of ["before", "after"]) showPhotos(card, name, state[name]);
}

function showPhotos(card, name, ids) {
  const list = card.querySelector(`[data-photos$="-${name}"] .photos-list`);
  for (const box of named(card, name)) if (!ids.includes(box.value)) box.closest(".photo").remove();
  const there = named(card, name).map((box) => box.value);
  for (const id of ids.filter((each) => !there.includes(each))) {
    const item = document.createElement("li");
    item.className = "photo";
    const image = document.createElement("img");
    image.className = "photo-small";
    image.alt = "";
    image.src = say.thumbnail.replace("00000000-0000-0000-0000-000000000000", id);
    const box = document.createElement("input");
    Object.assign(box, { type: "checkbox", className: "photo-keep", name: `i${card.dataset.item}-${name}`, value: id });
    box.checked = true;
    item.append(image, box);
    list.append(item);
  }
}

function remark(card, sentences) {
  const list = card.querySelector("[data-notes]");
  list.replaceChildren(
    ...sentences.map((text) => Object.assign(document.createElement("li"), { textContent: text })),
  );
  card.classList.toggle("item-lacks", sentences.length > 0);
}

// -- what is ours and not acknowledged yet -------------------------------------------------------------

const base = new Map(cards.map((card) => [card.dataset.item, read(card)]));
const isOurs = (card) => !same(read(card), base.get(card.dataset.item));
let version = form.elements.version.value;
let keptAt = 0;

function keep() {
  const items = {};
  for (const card of cards.filter(isOurs)) {
    items[card.dataset.item] = { state: read(card), base: base.get(card.dataset.item) };
  }
  try {
    if (Object.keys(items).length) {
      keptAt = Date.now();
      localStorage.setItem(storageKey, JSON.stringify({ at: keptAt, items }));
    } else {
      localStorage.removeItem(storageKey);
    }
  } catch (error) {
    console.warn("answers are not kept here", error); // a closed or full storage: they are still sent
  }
}

function kept() {
  try {
    return JSON.parse(localStorage.getItem(storageKey)) || null;
  } catch {
    return null;
  }
}

// -- the head: how far, and where it is kept -----------------------------------------------------------

const stateLine = form.querySelector("[data-state]");
const signIn = form.querySelector("a[data-sign-in]");

function tell(sentence, time = clockTime(keptAt || Date.now())) {
  stateLine.textContent = words(sentence, { time });
  signIn.hidden = sentence !== say.signedOut;
}

function count() {
  const answered = cards.filter((card) => chosen(card, "result")).length;
  form.querySelector("[data-progress]").value = answered;
  form.querySelector("[data-progress-text]").textContent = words(say.count, { n: answered, total: cards.length });
}

// -- saving --------------------------------------------------------------------------------------------

const PAUSE = 900; // milliseconds without a touch before saving
const RETRY = 20_000;
let timer = null;
let running = null; // the request under way, as a promise
let conflicts = [];

function later() {
  keep();
  count();
  tell(say.local);
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

// Sends what is ours; resolves to whether the portal now has all of it.
async function save() {
  clearTimeout(timer);
  if (running) {
    await running;
    return save();
  }
  if (conflicts.length) return false;
  const sent = cards.filter((card) => isOurs(card) && chosen(card, "result")).map((card) => [card, read(card)]);
  if (!sent.length) return true;
  running = send(sent);
  let isSaved = false;
  try {
    isSaved = await running;
  } finally {
    running = null;
  }
  return isSaved && save(); // what was given meanwhile goes as well
}

function bodyOf(sent) {
  const body = new FormData();
  body.append("version", version);
  body.append("person", document.body.dataset.user);
  for (const [card, state] of sent) {
    for (const [name, value] of Object.entries(state)) {
      for (const each of [value].flat()) body.append(`i${card.dataset.item}-${name}`, each);
    }
  }
  return body;
}

async function send(sent) {
  tell(say.saving);
  const headers = { "X-CSRFToken": token(), Accept: "application/json" };
  const keepalive = document.visibilityState === "hidden"; // the page may go, its last words still arrive
  const request = { method: "POST", body: bodyOf(sent), headers, redirect: "manual", keepalive };
  const answer = await fetch(say.save, request).catch(() => null);
  if (!answer || answer.status >= 500) return fail(say.offline);
  if (answer.type === "opaqueredirect" || answer.status === 401) return fail(say.signedOut);
  if (answer.status === 410) {
    localStorage.removeItem(storageKey);
    location.assign((await answer.json()).go);
    return false;
  }
  if (answer.status === 409) return merge(await answer.json());
  if (!answer.ok) return fail(say.failed);
  const told = await answer.json();
  version = form.elements.version.value = String(told.version);
  for (const [card, state] of sent) {
    base.set(card.dataset.item, state);
    remark(card, told.errors[card.dataset.item] || []);
  }
  keep();
  if (cards.some(isOurs)) tell(say.local); // something was given meanwhile: its turn comes
  else tell(say.saved, told.saved);
  return true;
}

function fail(sentence) {
  tell(sentence);
  return false;
}

// -- somebody else saved meanwhile -----------------------------------------------------------------------

const box = document.getElementById("conflict");

// What the portal holds, written as the page reads it.
function plain(answer) {
  const state = { ...EMPTY, ...answer };
  for (const name of TEXTS) state[name] = state[name].replace(/\r\n/g, "\n");
  for (const name of ["before", "after"]) state[name] = [...state[name]].sort();
  return state;
}

function merge(theirs) {
  version = form.elements.version.value = String(theirs.version);
  conflicts = [];
  let isMerged = false;
  for (const card of cards) {
    const [was, mine] = [base.get(card.dataset.item), read(card)];
    const now = plain(theirs.answers[card.dataset.item]);
    base.set(card.dataset.item, now);
    if (same(mine, was)) {
      if (!same(now, was)) isMerged = true;
      show(card, now);
    } else if (!same(now, was) && !same(now, mine)) {
      conflicts.push({ card, theirs: now });
    }
  }
  keep();
  count();
  if (conflicts.length) {
    ask(theirs);
    return false;
  }
  if (isMerged) notice(say.merged);
  return true; // what is ours is sent next, on the version that is there now
}

function ask({ by, saved }) {
  const line = box.querySelector("[data-text]");
  line.textContent = words(line.dataset.text, { name: by, time: saved, n: conflicts.length });
  for (const { card } of conflicts) card.classList.add("item-lacks");
  box.hidden = false;
  box.scrollIntoView({ block: "center" });
  tell(say.local);
}

function decide(isMine) {
  for (const { card, theirs } of conflicts) {
    card.classList.remove("item-lacks");
    if (!isMine) show(card, theirs);
  }
  conflicts = [];
  box.hidden = true;
  keep();
  count();
  save();
}

box.querySelector("[data-mine]").addEventListener("click", () => decide(true));
box.querySelector("[data-theirs]").addEventListener("click", () => decide(false));

// -- coming back -------------------------------------------------------------------------------------------

function restore() {
  const found = kept();
  if (!found) return;
  const answers = Object.fromEntries([...base].map(([item, state]) => [item, state]));
  let isRestored = false;
  for (const card of cards) {
    const ours = found.items[card.dataset.item];
    if (!ours || same(ours.state, base.get(card.dataset.item))) continue;
    base.set(card.dataset.item, ours.base);
    show(card, ours.state);
    isRestored = true;
  }
  keptAt = found.at;
  if (!isRestored) return keep();
  notice(say.restored);
  tell(say.local);
  const there = { version, by: say.savedBy, saved: say.savedAt, answers };
  if (merge(there)) save();
}

// -- a thumb's moves -----------------------------------------------------------------------------------------

function next() {
  const open = cards.filter((card) => !chosen(card, "result") || card.classList.contains("item-lacks"));
  const top = form.querySelector(".sheet-top-bar").getBoundingClientRect().bottom;
  const target = open.find((card) => card.getBoundingClientRect().top > top + 8) || open[0];
  if (!target) return form.querySelector(".sheet-bottom-bar [value=review]").focus();
  target.scrollIntoView({ block: "start" });
  target.querySelector(".item-radio").focus({ preventScroll: true });
}

const nextButton = form.querySelector("[data-next]");
nextButton.hidden = false;
nextButton.addEventListener("click", next);

form.querySelector("[data-last-time]")?.addEventListener("click", (event) => {
  event.preventDefault();
  for (const card of cards) {
    if (card.dataset.last && !chosen(card, "result")) show(card, { ...EMPTY, result: card.dataset.last });
  }
  later();
  next();
});

form.addEventListener("input", (event) => {
  const card = event.target.closest("[data-item]");
  if (card?.classList.contains("item-lacks")) remark(card, []);
  later();
});
form.addEventListener("photos:change", later);
form.addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "review") return;
  event.preventDefault();
  if (await save()) location.assign(say.review);
  else if (!conflicts.length) notice(say.cannotReview, "warning");
});
window.addEventListener("online", save);
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") save();
});
setInterval(() => {
  if (cards.some(isOurs)) save();
}, RETRY);

restore();
count();
