// The map of places and sites. The list beside it holds the same figures; here they get a colour.
// Areas come by level (districts far off, townships nearer, cells close by), sites by what is in view.
/* global L */

const box = document.getElementById("map");
const text = box.dataset;
const note = document.getElementById("map-note");
const legend = document.getElementById("map-legend");
const viewLink = document.getElementById("map-view");

const LEVELS = [
  { name: "district", from: 0 },
  { name: "township", from: 11 },
  { name: "cell", from: 13 },
];
const BELOW = { city: 0, district: 1, township: 2, cell: 2 }; // what the list beside shows
const SITES_FROM = 11;
const LETTER = 7; // pixels, of a label; a Chinese character is as wide as two
const LABEL_HEIGHT = 32; // of its two lines
const CLASSES = 4;
const DOT = [28, 28]; // what a finger has to hit; the dot in its middle is half of it

const format = new Intl.NumberFormat(text.language);
const map = L.map(box, {
  zoomControl: false,
  attributionControl: false,
  zoomSnap: 0.5,
  minZoom: 8,
  maxZoom: 18,
  renderer: L.svg({ padding: 0.5 }),
});
L.control.zoom({ position: "topleft", zoomInTitle: text.zoomIn, zoomOutTitle: text.zoomOut }).addTo(map);
map.setView([36.65, 101.7], 9);

const areas = new Map(); // level → its Leaflet layer, once loaded
const loading = new Map(); // level → the promise of it
const figures = new Map(); // "layer level" → figures, once loaded
let shown = null; // the level in view
const chosen = new Set(); // codes of places
const actions = [...document.querySelectorAll("[data-place-action]")];
let borders = null;
const heaps = L.markerClusterGroup({
  chunkedLoading: true,
  showCoverageOnHover: false,
  maxClusterRadius: 44,
  disableClusteringAtZoom: 17,
  iconCreateFunction: (cluster) => heap(cluster.getChildCount()),
});
const counts = L.layerGroup();
map.addLayer(heaps).addLayer(counts);

function element(tag, className, words) {
  const made = document.createElement(tag);
  made.className = className;
  made.textContent = words;
  return made;
}

function heap(count) {
  return L.divIcon({ html: element("span", "heap", format.format(count)), className: "", iconSize: [36, 36] });
}

function say(words) {
  note.textContent = words;
  note.hidden = !words;
}

async function load(address, signal) {
  const answer = await fetch(address, { headers: { Accept: "application/json" }, signal });
  if (!answer.ok || answer.redirected) throw new Error(`${answer.status} ${address}`);
  return answer.json();
}

function guarded(promise) {
  return promise.catch((error) => {
    if (error.name === "AbortError") return;
    console.warn(error);
    say(text.failed);
  });
}

/** The level to draw: by the zoom, never coarser than the list beside, and cells only where some are drawn. */
function levelInView() {
  const byZoom = LEVELS.findLastIndex((each) => map.getZoom() >= each.from);
  const wanted = Math.max(byZoom, BELOW[state().level] ?? 0);
  const cells = areas.get("cell");
  const isDrawn = !cells || cells.getLayers().some((cell) => cell.getBounds().contains(map.getCenter()));
  return LEVELS[isDrawn ? wanted : Math.min(wanted, 1)].name;
}

const state = () => document.getElementById("map-state").dataset;
const at = (address, level) => address.replace("LEVEL", level);

// -- areas and their figures ---------------------------------------------------------------------

function areasOf(level) {
  if (!loading.has(level)) {
    const made = load(at(text.areas, level)).then((found) => {
      areas.set(level, L.geoJSON(found, { style: () => ({ className: "area" }), onEachFeature: describe }));
      return areas.get(level);
    });
    made.catch(() => loading.delete(level)); // the next move tries again
    loading.set(level, made);
  }
  return loading.get(level);
}

function describe(feature, layer) {
  layer.bindPopup(() => areaPopup(feature));
  layer.on("add", () => {
    const path = layer.getElement();
    path.setAttribute("tabindex", "-1"); // the list beside is the way for the keyboard
    path.setAttribute("aria-hidden", "true");
  });
}

function areaPopup(feature) {
  const found = figures.get(`${state().layer} ${shown}`);
  const [count, url] = found?.places[feature.id] || [0, ""];
  const body = element("div", "", "");
  body.append(element("p", "popup-name", feature.properties.name));
  const line = element("p", "", `${found?.label || ""}: `);
  if (count) {
    const link = element("a", "", format.format(count));
    link.href = url;
    link.title = text.listOf;
    line.append(link);
  } else {
    line.append(text.none);
  }
  body.append(line);
  if (actions.length) body.append(chooser(feature));
  return body;
}

// -- places chosen for something to be done with many at once ------------------------------------

/** The button of a place's popup that chooses it, or no longer; the links below carry what is chosen. */
function chooser(feature) {
  const button = element("button", "btn btn-sm", "");
  const { code } = feature.properties;
  const word = () => {
    button.textContent = chosen.has(code) ? text.unchoose : text.choose;
  };
  button.type = "button";
  button.addEventListener("click", () => {
    if (!chosen.delete(code)) chosen.add(code);
    word();
    const found = figures.get(`${state().layer} ${shown}`);
    if (found) paint(areas.get(shown), found);
    for (const link of actions) {
      const address = new URL(link.href);
      address.searchParams.set("places", [...chosen].join(","));
      link.href = address;
      link.hidden = !chosen.size;
      link.querySelector("span").textContent = format.format(chosen.size);
    }
  });
  word();
  return button;
}

/** What has to be mended on the map itself, such as holes between cells. */
function draw(address) {
  return load(address).then((found) => {
    L.geoJSON(found, {
      style: () => ({ className: "map-fault" }),
      onEachFeature: (feature, layer) => layer.bindPopup(() => element("p", "popup-name", feature.properties.name)),
    }).addTo(map);
  });
}
for (const address of text.drawings.split(" ").filter(Boolean)) guarded(draw(address));

/** Bounds between the classes: as many places in each as their figures allow. */
function bounds(values) {
  const sorted = values.filter((n) => n > 0).sort((a, b) => a - b);
  const cuts = [];
  for (let k = 1; k <= CLASSES; k += 1) {
    const upper = sorted[Math.ceil((sorted.length * k) / CLASSES) - 1];
    if (upper !== undefined && upper !== cuts.at(-1)) cuts.push(upper);
  }
  return cuts;
}

function shade(count, cuts) {
  if (!count) return 0;
  const index = cuts.findIndex((upper) => count <= upper);
  return CLASSES - cuts.length + (index < 0 ? cuts.length : index + 1);
}

function paint(layer, found) {
  const values = Object.values(found.places).map(([count]) => count);
  const cuts = bounds(values);
  const family = found.bad ? "bad" : "area";
  layer.eachLayer((area) => {
    const [count] = found.places[area.feature.id] || [0];
    const level = shade(count, cuts);
    area.getElement()?.setAttribute("class", `area leaflet-interactive ${level ? `${family}-${level}` : ""}`);
    if (chosen.has(area.feature.properties.code)) area.getElement()?.classList.add("area-chosen");
  });
  name();
  explain(found, cuts, family);
}

/** Name the areas that are shown, the largest first: a name takes its place, and what would lie on it has none. */
function name() {
  const found = figures.get(`${state().layer} ${shown}`);
  if (!found || !map.hasLayer(areas.get(shown))) return; // not drawn yet
  // A cell is hardly larger than its name: where its sites are drawn, the name would lie on them.
  const isCovered = shown === "cell" && heaps.getLayers().length + counts.getLayers().length > 0;
  const taken = [];
  const size = ({ low, high }) => (high.x - low.x) * (low.y - high.y);
  const around = areas.get(shown).getLayers().map((area) => ({ area, ...corners(area) }));
  for (const { area, low, high } of around.sort((one, other) => size(other) - size(one))) {
    const place = placeOfLabel(area);
    const hasRoom = high.x - low.x > (place.right - place.left) * 0.8 && low.y - high.y > place.bottom - place.top;
    const isFree = hasRoom && !isCovered && !taken.some((other) => meet(place, other));
    if (isFree) taken.push(place);
    const [count] = found.places[area.feature.id] || [0];
    label(area, isFree ? format.format(count) : null);
  }
}

/** The corners around an area, as drawn now. */
function corners(area) {
  const around = area.getBounds();
  return {
    low: map.latLngToLayerPoint(around.getSouthWest()),
    high: map.latLngToLayerPoint(around.getNorthEast()),
  };
}

/** The rectangle that name and figure of an area take, in the middle of it. */
function placeOfLabel(area) {
  const letters = [...area.feature.properties.name].reduce((sum, c) => sum + (c > "\u2e80" ? 2 : 1), 0);
  const { x, y } = map.latLngToLayerPoint(area.getCenter());
  const [half, high] = [(letters * LETTER) / 2, LABEL_HEIGHT / 2];
  return { left: x - half, right: x + half, top: y - high, bottom: y + high };
}

function meet(one, other) {
  const beside = one.right <= other.left || other.right <= one.left;
  return !beside && one.bottom > other.top && other.bottom > one.top;
}

/** Write name and figure on an area, or nothing for null; what is there already stays, so that nothing flickers. */
function label(area, figure) {
  const wanted = figure === null ? "" : `${area.feature.properties.name} ${figure}`;
  if (area.labelled === wanted) return;
  area.labelled = wanted;
  area.unbindTooltip();
  if (!wanted) return;
  const words = element("span", "", area.feature.properties.name);
  words.append(document.createElement("br"), figure);
  area.bindTooltip(words, { permanent: true, direction: "center", className: "area-label" });
}

function explain(found, cuts, family) {
  const rows = [element("div", "fw-bold", found.label)];
  const row = (name, words) => {
    const line = element("div", "map-legend-row", "");
    line.append(element("span", `map-swatch ${name}`, ""), words);
    return line;
  };
  rows.push(row("area-0", "0"));
  cuts.forEach((upper, index) => {
    const lower = index ? cuts[index - 1] + 1 : 1;
    const words = lower >= upper ? format.format(upper) : `${format.format(lower)} – ${format.format(upper)}`;
    rows.push(row(`${family}-${CLASSES - cuts.length + index + 1}`, words));
  });
  legend.replaceChildren(...rows);
}

/** Take the names off areas that only lie under others; their colour goes when they are drawn anew. */
function plain(layer) {
  return layer.eachLayer((area) => label(area, null));
}

async function showAreas() {
  const level = levelInView();
  const key = `${state().layer} ${level}`;
  const [layer, found] = await Promise.all([
    areasOf(level),
    figures.get(key) || load(`${at(text.figures, level)}?layer=${encodeURIComponent(state().layer)}`),
  ]);
  figures.set(key, found);
  if (key !== `${state().layer} ${levelInView()}`) {
    if (level === "cell") guarded(showAreas()); // no cell is drawn here after all
    return; // the view has moved on meanwhile
  }
  if (shown !== level) {
    if (shown) areas.get(shown).remove();
    shown = level;
    // Cells are drawn in some townships only; the townships stay under them.
    if (level === "cell") plain(await areasOf("township")).addTo(map);
    else for (const [name, other] of areas) if (name !== level) other.remove();
    layer.addTo(map);
  }
  paint(layer, found);
  borders?.bringToFront();
}

// -- sites ---------------------------------------------------------------------------------------

let pending = null;

async function showSites() {
  pending?.abort();
  pending = new AbortController();
  if (map.getZoom() < SITES_FROM && state().level === "city") {
    heaps.clearLayers();
    counts.clearLayers();
    viewLink.hidden = true;
    say("");
    name();
    return;
  }
  const view = map.getBounds();
  const edges = [view.getWest(), view.getSouth(), view.getEast(), view.getNorth()];
  const wanted = new URLSearchParams({ box: edges.map((n) => n.toFixed(5)).join(",") });
  viewLink.href = `${viewLink.pathname}?${wanted}`;
  viewLink.hidden = false;
  const found = await load(`${text.sites}?${wanted}`, pending.signal);
  heaps.clearLayers();
  counts.clearLayers();
  say(found.counts ? text.closer : "");
  if (found.counts) found.counts.forEach((each) => counts.addLayer(countMarker(...each)));
  else heaps.addLayers(found.sites.id.map((_id, number) => siteMarker(found, number)));
  name();
}

function countMarker(_place, longitude, latitude, count, name) {
  const marker = L.marker([latitude, longitude], { icon: heap(count), title: name, alt: `${name} ${count}` });
  return marker.on("click", () => map.setView(marker.getLatLng(), Math.min(map.getZoom() + 2, 17)));
}

function siteMarker({ sites, risks }, number) {
  const [id, risk] = [sites.id[number], sites.risk[number]];
  const icon = L.divIcon({ html: element("span", `dot dot-${risk}`, ""), className: "dot-place", iconSize: DOT });
  const place = [sites.latitude[number], sites.longitude[number]];
  const marker = L.marker(place, { icon, alt: risks[risk] }).bindPopup(text.loading);
  // What a site is called comes when somebody asks: thousands of names take longer than their dots.
  return marker.on("popupopen", async ({ popup }) => {
    const site = await load(text.site.replace("/0.json", `/${id}.json`)).catch(console.warn);
    popup.setContent(site ? sitePopup(site) : text.failed);
  });
}

function sitePopup(site) {
  const body = element("div", "", "");
  body.append(element("p", "popup-name", site.name));
  if (site.enterprise) body.append(element("p", "", site.enterprise));
  body.append(element("p", "", site.risk));
  const link = element("a", "", text.open);
  link.href = site.url;
  body.append(link);
  return body;
}

// -- the panel and the map together --------------------------------------------------------------

async function goTo(code, level) {
  if (!LEVELS.some((each) => each.name === level)) {
    if (level === "city") map.fitBounds((await areasOf("district")).getBounds(), { padding: [12, 12] });
    return;
  }
  (await areasOf(level)).eachLayer((area) => {
    if (area.feature.properties.code === code) map.fitBounds(area.getBounds(), { padding: [12, 12] });
  });
}

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.target.id !== "map-panel") return;
  const { code, level } = state();
  guarded(goTo(code, level).then(showAreas));
});

map.on("moveend", () => {
  guarded(showAreas());
  guarded(showSites());
});

guarded(
  (async () => {
    const districts = await areasOf("district");
    borders = L.geoJSON(districts.toGeoJSON(), { interactive: false, style: () => ({ className: "border" }) });
    borders.addTo(map);
    map.setMaxBounds(districts.getBounds().pad(0.3));
    const { code, level } = state();
    await goTo(code, level);
    await showAreas();
  })(),
);
