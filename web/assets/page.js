// Copy buttons and live updates. A page works without it, but for these two.

function announce(text) {
  document.getElementById("announcement").textContent = text;
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-copy]");
  const source = button && document.getElementById(button.dataset.copy);
  if (!source) return;
  try {
    await navigator.clipboard.writeText(source.value ?? source.textContent);
  } catch {
    // No permission, or no secure connection: what is selected can be copied by the keyboard.
    getSelection().selectAllChildren(source);
    source.select?.();
    announce("Selected: copy it with the keyboard.");
    return;
  }
  announce("Copied.");
  button.textContent = "Copied";
  button.dataset.copied = "";
  setTimeout(() => {
    button.textContent = "Copy";
  }, 1500);
});

/** Version of what the server has, as the event stream said last. */
let newest;
let isBusy = false;

/** A server that was started again knows other forms: their hidden token is not the old one. */
function renewTokens(fresh) {
  const token = fresh.querySelector("input[name=form-token]");
  if (!token) return;
  for (const field of document.querySelectorAll("input[name=form-token]")) field.value = token.value;
}

/** Replaces the changed parts of this page, each an element with `data-live` and an id; what is typed elsewhere stays. */
function replaceParts(fresh) {
  for (const part of document.querySelectorAll("[data-live]")) {
    const other = fresh.getElementById(part.id);
    if (!other || part.isEqualNode(other)) continue;
    const focused = part.contains(document.activeElement) ? document.activeElement.id : "";
    const open = [...part.querySelectorAll("details[open][id]")].map(({ id }) => id);
    part.replaceWith(other);
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  }
}

async function update() {
  if (isBusy) return;
  isBusy = true;
  try {
    while (newest !== document.body.dataset.version) {
      const answer = await fetch(location.href);
      if (!answer.ok) return;
      const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
      renewTokens(fresh);
      replaceParts(fresh);
      document.body.dataset.version = fresh.body.dataset.version;
      // Many changes at once are shown together.
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  } catch {
    // The server is gone: the stream tries again, and says the version when it is back.
  } finally {
    isBusy = false;
  }
}

let stream;

/** Only a page that is looked at listens: a browser keeps few connections to a server. */
function listen() {
  stream?.close();
  stream = undefined;
  if (document.hidden || !document.body.dataset.events) return;
  stream = new EventSource(document.body.dataset.events);
  stream.addEventListener("message", ({ data }) => {
    newest = data;
    update();
  });
}

document.addEventListener("visibilitychange", listen);
listen();
