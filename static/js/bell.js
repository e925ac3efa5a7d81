// The bell asks now and then whether something new is there, while somebody looks at the page.

const EVERY = 30_000; // milliseconds

async function ask() {
  const bell = document.querySelector("[data-bell]");
  if (!bell || document.hidden) return;
  let answer;
  try {
    answer = await fetch(bell.dataset.bell, { headers: { "X-Requested-With": "fetch" } });
  } catch {
    return; // offline: the next time will tell
  }
  if (!answer.ok || answer.redirected) return; // the session is over: the page says so when it is used
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-bell]");
  if (!fresh || fresh.getAttribute("aria-label") === bell.getAttribute("aria-label")) return;
  const hadFocus = bell === document.activeElement;
  bell.replaceWith(fresh);
  if (hadFocus) fresh.focus();
}

setInterval(ask, EVERY);
document.addEventListener("visibilitychange", ask);
