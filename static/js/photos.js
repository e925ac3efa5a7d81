// The photo field: each photo is sent ahead as soon as it is chosen, one by one, and counts as received
// only when the portal answers with the same hash. A form waits for its photos.
//
// With data-photos-wait on the form, photos that could not be sent are kept in this browser until they
// can be: the connection may be gone, the session over, or the page closed.
// A field that changes says so with the event "photos:change".

const say = document.getElementById("photo-sentences").dataset;
const person = document.body.dataset.user || "";
const queue = []; // photos on their way, in order
let isSending = false;

const words = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
const notice = (text, tone) =>
  document.dispatchEvent(new CustomEvent("safegrid:notice", { detail: { text, tone } }));
const token = () => /(?:^|; )csrftoken=([^;]+)/.exec(document.cookie)?.[1] || "";
const kinds = (field) => field.querySelector("input[type=file]").accept.split(",");

// -- what is kept in the browser while it cannot be sent ------------------------------------------

const DATABASE = "safegrid-photos";
const TABLE = "waiting";

function table(mode, act) {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open(DATABASE, 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore(TABLE, { keyPath: "key" });
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const transaction = database.transaction(TABLE, mode);
      const asked = act(transaction.objectStore(TABLE));
      transaction.oncomplete = () => {
        database.close();
        resolve(asked.result);
      };
      transaction.onabort = () => reject(transaction.error);
    };
  }).catch((error) => {
    console.warn("photos are not kept here", error); // a closed or full storage: sending goes on
    return [];
  });
}

function keep(photo) {
  if (!photo.field.closest("form")?.hasAttribute("data-photos-wait")) return;
  const { key, file, origin } = photo;
  const page = location.pathname;
  table("readwrite", (rows) => rows.put({ key, person, page, name: photo.field.dataset.photos, file, origin }));
}

const forget = (photo) => table("readwrite", (rows) => rows.delete(photo.key));

async function resume() {
  if (!document.querySelector("form[data-photos-wait]")) return;
  for (const row of await table("readonly", (rows) => rows.getAll())) {
    const field = document.querySelector(`[data-photos="${CSS.escape(row.name)}"]`);
    if (field && row.person === person && row.page === location.pathname) enqueue(field, row.file, row.origin, row.key);
  }
}

// -- one photo in the list -------------------------------------------------------------------------

function removeButton(item, act) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "photo-remove";
  button.setAttribute("aria-label", say.remove);
  const cross = document.createElement("span");
  cross.textContent = "×";
  button.append(cross);
  button.addEventListener("click", () => {
    const field = item.closest("[data-photos]");
    item.remove();
    act?.();
    changed(field);
  });
  item.append(button);
}

function span(className, text) {
  const part = document.createElement("span");
  part.className = className;
  part.textContent = text;
  return part;
}

function picture(source) {
  const image = document.createElement("img");
  image.className = "photo-small";
  image.alt = say.photo;
  image.src = source;
  return image;
}

function complain(field, text) {
  const item = document.createElement("li");
  item.className = "photo photo-error";
  item.setAttribute("role", "alert");
  item.append(span("", text));
  field.querySelector(".photos-list").append(item);
  removeButton(item);
}

function changed(field) {
  const count = field.querySelectorAll(".photo:not(.photo-error)").length;
  field.querySelector(".photos-count").textContent = words(say.count, { n: count, max: field.dataset.max });
  field.dispatchEvent(new CustomEvent("photos:change", { bubbles: true }));
}

// -- choosing --------------------------------------------------------------------------------------

function choose(field, file, origin) {
  const limit = Number(field.dataset.maxBytes);
  const full = field.querySelectorAll(".photo:not(.photo-error)").length >= Number(field.dataset.max);
  if (full) complain(field, words(say.full, { max: field.dataset.max }));
  else if (!kinds(field).includes(file.type)) complain(field, words(say.kind, { name: file.name }));
  else if (file.size > limit) {
    const [size, most] = [Math.ceil(file.size / 2 ** 20), Math.floor(limit / 2 ** 20)];
    complain(field, words(say.large, { name: file.name, size, limit: most }));
  } else enqueue(field, file, origin);
}

function enqueue(field, file, origin, key = `${Date.now()}-${Math.random()}`) {
  const item = document.createElement("li");
  item.className = "photo";
  const progress = document.createElement("progress");
  progress.className = "progress-native";
  progress.max = 1;
  progress.value = 0;
  const state = span("photo-state", say.waiting);
  state.setAttribute("role", "status");
  item.append(picture(URL.createObjectURL(file)), progress, state);
  if (origin === "album") item.append(span("photo-origin", say.album));
  const photo = { key, field, file, origin, item, progress, state };
  removeButton(item, () => {
    photo.isRemoved = true;
    photo.request?.abort();
    forget(photo);
  });
  field.querySelector(".photos-list").append(item);
  queue.push(photo);
  keep(photo);
  changed(field);
  send();
}

// -- sending ---------------------------------------------------------------------------------------

async function hash(file) {
  if (!crypto.subtle) return null; // only known to pages that come over a safe connection
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

function post(photo) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    photo.request = request;
    const body = new FormData();
    body.append("origin", photo.origin);
    body.append("photo", photo.file, photo.file.name || "photo");
    request.upload.onprogress = (event) => {
      photo.progress.value = event.lengthComputable ? event.loaded / event.total : 0;
    };
    request.onload = request.onerror = request.onabort = request.ontimeout = () => resolve(request);
    request.open("POST", say.url);
    request.setRequestHeader("X-CSRFToken", token());
    request.setRequestHeader("Accept", "application/json");
    request.send(body);
  });
}

function answerOf(request) {
  try {
    return JSON.parse(request.responseText);
  } catch {
    return null; // the sign-in page, or a proxy's own words
  }
}

async function send() {
  if (isSending) return;
  isSending = true;
  let isStuck = false;
  while (queue.length && !isStuck) {
    const photo = queue[0];
    if (!photo.isRemoved) isStuck = !(await deliver(photo));
    if (!isStuck) queue.shift();
  }
  isSending = false;
  if (!isStuck) release();
}

// Returns whether the photo is done with: received, refused or taken away.
async function deliver(photo) {
  photo.state.textContent = say.sending;
  const own = await hash(photo.file);
  const request = await post(photo);
  if (photo.isRemoved) return true;
  const answer = answerOf(request);
  if (request.status === 201 && answer && (own === null || answer.sha256 === own)) {
    arrive(photo, answer);
    return true;
  }
  if (request.status === 201 || [400, 413, 422].includes(request.status)) {
    const text = request.status === 201 ? say.changed : answer?.error || say.failed;
    photo.item.remove();
    forget(photo);
    complain(photo.field, text);
    changed(photo.field);
    return true;
  }
  photo.state.textContent = say.waiting; // no connection, signed out, or the portal is busy: later
  photo.progress.value = 0;
  return false;
}

function arrive(photo, answer) {
  const box = document.createElement("input");
  box.type = "checkbox";
  box.className = "photo-keep";
  box.name = photo.field.dataset.photos;
  box.value = answer.id;
  box.checked = true;
  const twin = photo.field.querySelector(`input[value="${answer.id}"]`);
  photo.progress.remove();
  photo.state.textContent = say.arrived;
  photo.item.append(box);
  if (twin) photo.item.remove(); // the same photo chosen twice
  forget(photo);
  changed(photo.field);
}

const RETRY = 20_000; // milliseconds
window.addEventListener("online", send);
setInterval(send, RETRY);

// -- a form waits for its photos ---------------------------------------------------------------------

let held = null;

document.addEventListener(
  "submit",
  (event) => {
    const form = event.target;
    if (!queue.some((photo) => !photo.isRemoved && form.contains(photo.field))) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    held = { form, submitter: event.submitter };
    notice(say.hold);
    send();
  },
  true,
);

function release() {
  if (!held) return;
  const { form, submitter } = held;
  held = null;
  form.requestSubmit(submitter);
}

// -- photos that the portal is still preparing --------------------------------------------------------

const TRIES = 10;

function whenReady(box, left = TRIES) {
  setTimeout(async () => {
    const answer = await fetch(box.dataset.photoWaits).catch(() => null);
    if (answer?.status === 200) box.replaceWith(picture(URL.createObjectURL(await answer.blob())));
    else if (left > 1) whenReady(box, left - 1);
  }, 3000);
}

for (const field of document.querySelectorAll("[data-photos]")) {
  field.classList.add("photos-live");
  for (const item of field.querySelectorAll(".photo")) removeButton(item);
  for (const input of field.querySelectorAll("input[type=file]")) {
    const take = () => {
      for (const file of input.files) choose(field, file, input.hasAttribute("capture") ? "camera" : "album");
      input.value = "";
    };
    input.addEventListener("change", take);
    take(); // what was chosen before this script ran
  }
}
for (const box of document.querySelectorAll("[data-photo-waits]")) whenReady(box);
resume();
