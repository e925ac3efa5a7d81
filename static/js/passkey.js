// A passkey that was refused, cancelled or is not possible on this device is said in words.
document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  document.dispatchEvent(
    new CustomEvent("safegrid:notice", { detail: { name: "passkeyFailed", tone: "warning" } }),
  );
});
