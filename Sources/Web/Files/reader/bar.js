// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The bar that stays in sight, and what readers open and close.

const FOLDS = "wireroom.folds";
/** Height of the bar. */
const MARGIN = "-56px 0px 0px";

/** Shows in the bar where one is, while the header is out of sight. */
export function watchHeader() {
    const header = document.getElementById("story");
    if (!header) return;
    new IntersectionObserver(entries => {
        document.body.classList.toggle("past", entries.at(-1)?.isIntersecting === false);
    }, { rootMargin: MARGIN }).observe(header);
}

/**
 * Remembers what the reader opens or closes, for `fold.js`. At the click it is still as it was.
 * @param {Element} target
 */
export function keepFold(target) {
    const part = target.closest("summary")?.parentElement;
    if (!(part instanceof HTMLDetailsElement) || !part.dataset.fold) return;
    const { open, dataset: { fold } } = part;
    attempt(() => {
        const folds = JSON.parse(localStorage.getItem(FOLDS) ?? "{}");
        localStorage.setItem(FOLDS, JSON.stringify({ ...folds, [fold]: !open }));
    });
}

/**
 * Returns the result of a storage access; null if it is forbidden, or its text cannot be read.
 * @param {() => any} action
 */
export function attempt(action) {
    try {
        return action();
    } catch {
        return null;
    }
}

/**
 * Enables the buttons that share.
 * @param {ParentNode} root
 */
export function enableSharing(root) {
    /** @type {NodeListOf<HTMLButtonElement>} */
    const buttons = root.querySelectorAll(".share");
    for (const button of buttons) button.disabled = false;
}
