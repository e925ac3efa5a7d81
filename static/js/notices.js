// What went wrong with a request in the background is said in words, above the page's content.
// The sentences stand translated in #sentences.

const sentences = document.getElementById("sentences").dataset;

function notice(text, tone = "warning", link = null) {
  const box = document.createElement("div");
  box.className = `alert alert-dismissible alert-${tone}`;
  box.setAttribute("role", tone === "danger" ? "alert" : "status");
  const body = document.createElement("div");
  body.className = "alert-text";
  body.textContent = text;
  if (link) {
    const anchor = document.createElement("a");
    anchor.href = link.href;
    anchor.target = "_blank";
    anchor.className = "alert-link ms-2";
    anchor.textContent = link.label;
    body.append(anchor);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "btn-close";
  close.setAttribute("aria-label", sentences.close);
  close.addEventListener("click", () => box.remove());
  box.append(body, close);
  const place = document.getElementById("messages");
  place.replaceChildren(box);
  place.scrollIntoView({ block: "nearest" });
}

const isSignIn = (url) => url && new URL(url, location.href).pathname.startsWith("/accounts/login/");

// A session that ended answers a fragment's request with the sign-in page: it belongs on no page.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!isSignIn(event.detail.xhr.responseURL) || isSignIn(location.href)) return;
  event.detail.shouldSwap = false;
  event.preventDefault();
  notice(sentences.signedOut, "warning", { href: event.detail.xhr.responseURL, label: sentences.signIn });
});
document.addEventListener("htmx:responseError", () => notice(sentences.failed, "danger"));
document.addEventListener("htmx:sendError", () => notice(sentences.offline));
document.addEventListener("htmx:timeout", () => notice(sentences.offline));
document.addEventListener("safegrid:notice", (event) => {
  notice(event.detail.text || sentences[event.detail.name], event.detail.tone || "info");
});
