// SPDX-License-Identifier: Apache-2.0
// @ts-check

// For pages of other sites, once: makes frames of this server as high as what is in them.
//
//     <iframe src="https://live.example.org/embed/harbour-storm" title="Storm at the harbour" height="600"></iframe>
//     <script src="https://live.example.org/embed-frame.js" async></script>
//
// Only messages of this script's origin count, and each only for the frame that it comes from; see embed-page.js.

const MESSAGE = "wireroom-height";
/** In pixels: no frame is made higher. */
const MOST_HEIGHT = 100_000;
const ownScript = (
    /** @type {HTMLScriptElement|null} */
    (document.currentScript)
);
const ownOrigin = new URL(ownScript?.src ?? location.href).origin;

/** The frames of this server. */
function ownFrames() {
    return [...document.querySelectorAll("iframe")].filter(({ src }) => src.startsWith(`${ownOrigin}/embed/`));
}

addEventListener("message", ({ data, origin, source }) => {
    if (origin !== ownOrigin || data?.type !== MESSAGE || !(data.height > 0 && data.height <= MOST_HEIGHT)) return;
    const frame = ownFrames().find(each => each.contentWindow === source);
    if (frame) frame.style.height = `${data.height}px`;
});

// Those that were loaded before this script; the others tell it by themselves.
for (const { contentWindow } of ownFrames()) contentWindow?.postMessage({ type: MESSAGE }, "*");
