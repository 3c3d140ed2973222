// The list at the door as it was last seen, with its looks, for a moment without network. Whoever signs out or may no
// longer see it takes it from this browser.

const SHELF = "door", PATIENCE = 8_000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", event => event.waitUntil(clients.claim()));
addEventListener("fetch", event => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});

// An answer that breaks off must not take the place of one that was whole.
async function whole(answer) {
  return new Response(await answer.arrayBuffer(), { headers: answer.headers });
}

async function answer(request) {
  const shelf = await caches.open(SHELF);
  try {
    const fresh = await fetch(request, { signal: AbortSignal.timeout(PATIENCE) });
    if (fresh.ok && !new URL(request.url).search) await shelf.put(request.url, await whole(fresh.clone()));
    if ([401, 403].includes(fresh.status)) await caches.delete(SHELF);
    return fresh;
  } catch {
    return await shelf.match(request, { ignoreSearch: true, ignoreVary: true }) ?? Response.error();
  }
}
