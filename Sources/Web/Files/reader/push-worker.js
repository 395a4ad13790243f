// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The service worker of the reader's page: shows what followers are notified of. It intercepts no requests.

import { CATALOGUE } from "../shared/catalogue.js";
import { Words } from "../shared/words.js";

const worker = (
    /** @type {PushWorkerScope} */
    (/** @type {unknown} */ (self))
);

/**
 * What a notification says.
 * @typedef {{title: string, body: string, url: string, tag: string}} PushText
 */

// Browsers end subscriptions whose messages show nothing, so that one that cannot be read is shown, too.
worker.addEventListener("push", event => event.waitUntil(shown(textOf(event))));
worker.addEventListener("notificationclick", event => {
    event.notification.close();
    event.waitUntil(opened(event.notification.data.url));
});

/** @param {PushWorkerEvent} event @returns {PushText} */
function textOf(event) {
    const words = new Words(CATALOGUE);
    const other = { title: words.say("pushTitle"), body: words.say("pushBody"), url: "/", tag: "wireroom" };
    try {
        return { ...other, ...event.data?.json() };
    } catch {
        return other;
    }
}

/** @param {PushText} text */
function shown({ title, body, url, tag }) {
    return worker.registration.showNotification(title, {
        // One of each story: a later one replaces it, and alerts again.
        body, tag, renotify: true, icon: "/favicon.ico", data: { url },
    });
}

/**
 * Shows the page in a window that has it open, or opens it. Only pages of this site.
 * @param {string} address
 */
async function opened(address) {
    const { href, origin } = new URL(address, worker.location.href);
    const url = origin === worker.location.origin ? href : worker.location.origin;
    const windows = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
    const found = windows.find(window => window.url === url);
    await (found ? found.focus() : worker.clients.openWindow(url));
}
