// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Pages have this script inline, behind each `details` that it may fold: it runs before they are painted, so that
// nothing moves. What the reader has opened or closed stays so, on all stories; else key points are open on wide
// screens, beside the title, if there are few and no picture.

/** @type {Record<string, boolean>} */
let folds = {};
try {
    folds = JSON.parse(localStorage.getItem("wireroom.folds") ?? "{}") ?? {};
} catch {
    // Storage is forbidden, or was written by something else.
}
/** @type {NodeListOf<HTMLDetailsElement>} */
const foldable = document.querySelectorAll("details[data-fold]");
for (const part of foldable) {
    const hasRoom = matchMedia("(min-width: 60rem)").matches
        && !document.querySelector("#story > figure, .key-points li:nth-child(5)");
    part.open = folds[part.dataset.fold ?? ""] ?? (part.open || hasRoom);
}
