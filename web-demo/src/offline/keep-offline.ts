/**
 * Has the browser keep the page for use without a network, or forget what an earlier page at this address kept.
 * Where the browser cannot, or the page is not served safely, it simply needs the network each time.
 */
export async function keepOffline(isWanted: boolean): Promise<void> {
  if (!('serviceWorker' in navigator)) return;
  const scope = new URL('./', document.baseURI).href;
  try {
    if (isWanted) {
      await navigator.serviceWorker.register('./service-worker.js', { scope });
      return;
    }
    const registration = await navigator.serviceWorker.getRegistration(scope);
    if (registration?.scope === scope) await registration.unregister();
    // As the service worker names them.
    const own = (await caches.keys()).filter((name) => name.startsWith(`mnist-onnx ${scope} `));
    await Promise.all(own.map((name) => caches.delete(name)));
  } catch {
    // Private windows and some settings refuse; the page works all the same.
  }
}
