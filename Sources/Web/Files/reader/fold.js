// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Pages have this script inline, behind each `details` that it may fold: it runs before they are painted, so that
// nothing moves. What the reader has opened or closed stays so, on all stories; else key points are open on wide
// screens, if there are few, and where a story is closed, as they are its result, and pinned updates show how they
// begin, in browsers that can. Who comes back to a story finds a smaller header.

/** @param {string} name */
function keptOf(name) {
    try {
        return JSON.parse(localStorage.getItem(`wireroom.${name}`) ?? "null");
    } catch {
        // Storage is forbidden, or was written by something else.
        return null;
    }
}
/** @type {Record<string, boolean>} */
const folds = keptOf("folds") ?? {};
const hasRoom = matchMedia("(min-width: 60rem)").matches && !document.querySelector(".key-points li:nth-child(5)");
const showsPoints = hasRoom || document.body.dataset.status === "closed";
/** @type {NodeListOf<HTMLDetailsElement>} */
const foldable = document.querySelectorAll("details[data-fold]");
for (const part of foldable) {
    const { fold = "" } = part.dataset;
    part.open = folds[fold] ?? (fold === "points" ? showsPoints : !CSS.supports("selector(::details-content)"));
}
document.body.classList.toggle("returning", keptOf(`read.${document.body.dataset.story}`) !== null);
