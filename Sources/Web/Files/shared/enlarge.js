// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * Opens the picture whose link was followed in the lightbox, whose script is at `address`. Where that fails, or there
 * is no address, the link is followed. `loadWords` returns the words of the lightbox.
 * @param {MouseEvent} event
 * @param {string} address
 * @param {() => Words|Promise<Words>} loadWords
 */
export async function enlarge(event, address, loadWords) {
    const link = (
        /** @type {HTMLAnchorElement|null} */
        (
            /** @type {Element} */
            (event.target).closest(".enlarge"))
    );
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !link || !address) return;
    event.preventDefault();
    try {
        const [words, { openLightbox }] = await Promise.all([loadWords(), import(address)]);
        await openLightbox(link, words);
    } catch {
        location.assign(link.href);
    }
}

/**
 * Shows the colour of each picture that is not loaded yet in its place.
 * @param {ParentNode} root
 */
export function tint(root) {
    for (const image of root.querySelectorAll("img")) {
        if (image.complete || !image.dataset.color) continue;
        // By script, because the content security policy forbids style attributes.
        image.style.background = image.dataset.color;
        image.addEventListener("load", () => image.removeAttribute("style"));
    }
}
