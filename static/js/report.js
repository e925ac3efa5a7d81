// The point on the map of the public form. The form works without it: the address in words is enough.
/* global L */

const place = document.getElementById("report-place");
const longitude = document.getElementById("id_longitude");
const latitude = document.getElementById("id_latitude");
let map = null;
let mark = null;

function set(at) {
  longitude.value = at ? at.lng.toFixed(6) : "";
  latitude.value = at ? at.lat.toFixed(6) : "";
  document.getElementById("report-nowhere").hidden = !at;
  mark?.remove();
  mark = at ? L.circleMarker(at, { radius: 10, className: "report-mark" }).addTo(map) : null;
}

async function draw(url, style) {
  const answer = await fetch(url).catch(() => null);
  if (!answer?.ok) return null;
  return L.geoJSON(await answer.json(), { interactive: false, style })
    .bindTooltip((layer) => layer.feature.properties.name)
    .addTo(map);
}

async function open() {
  const box = document.getElementById("report-map");
  map = L.map(box, { attributionControl: false, zoomControl: false, zoomSnap: 0.5, minZoom: 8, maxZoom: 18 });
  L.control.zoom({ zoomInTitle: box.dataset.zoomIn, zoomOutTitle: box.dataset.zoomOut }).addTo(map);
  map.setView([36.65, 101.7], 9);
  map.on("click", (event) => set(event.latlng));
  if (longitude.value && latitude.value) {
    set(L.latLng(Number(latitude.value), Number(longitude.value)));
    map.setView(mark.getLatLng(), 14);
  }
  draw(box.dataset.townships, { weight: 1, fillOpacity: 0.03 });
  const districts = await draw(box.dataset.districts, { weight: 2, fillOpacity: 0.06 });
  if (districts && !mark) map.fitBounds(districts.getBounds());
}

if (place) {
  place.hidden = false;
  place.addEventListener("toggle", () => place.open && !map && open());
  document.getElementById("report-nowhere").addEventListener("click", () => set(null));
  document.getElementById("report-here").addEventListener("click", () => {
    const note = document.getElementById("report-map-note");
    const fail = () => (note.textContent = document.getElementById("report-map").dataset.failed);
    if (!navigator.geolocation) return fail();
    navigator.geolocation.getCurrentPosition((found) => {
      set(L.latLng(found.coords.latitude, found.coords.longitude));
      map.setView(mark.getLatLng(), 15);
    }, fail);
  });
}
