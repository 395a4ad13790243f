// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Rows of a list in a form that are moved by dragging them; by keyboard there are the buttons of each row.
import { make } from "../shared/dom.js";
import { phrase } from "./phrases.js";

/**
 * Gives each row of a list a handle to drag it by. The row is moved by its own buttons, so that they stay in charge.
 * @param {HTMLElement} node Of a `FieldRows` whose rows can be moved.
 */
export function letRowsBeDragged(node) {
    const list = node.querySelector("ol");
    if (!list) return;
    /** @type {Element|null} */
    let dragged = null;
    const addHandles = () => {
        for (const row of list.children) {
            if (row.querySelector(":scope .handle")) continue;
            // Not for the keyboard, nor for screen readers: they have the buttons.
            const handle = make("span", { class: "handle", "aria-hidden": "true", title: phrase("dragToMove") }, "⠿");
            handle.addEventListener("pointerdown", event => {
                dragged = row;
                handle.setPointerCapture(event.pointerId);
                event.preventDefault();
            });
            handle.addEventListener("pointermove", event => dragged && moveRow(dragged, event.clientY));
            for (const name of ["pointerup", "pointercancel"]) handle.addEventListener(name, () => { dragged = null; });
            row.querySelector(".row-actions")?.prepend(handle);
        }
    };
    new MutationObserver(addHandles).observe(list, { childList: true });
    addHandles();
}

// Presses the row's button once the pointer has passed the middle of its neighbour.
/** @param {Element} row @param {number} y */
function moveRow(row, y) {
    const [before, after] = [row.previousElementSibling, row.nextElementSibling];
    if (before && y < middleOf(before)) pressMove(row, -1);
    else if (after && y > middleOf(after)) pressMove(row, 1);
}

/** @param {Element} element */
function middleOf(element) {
    const { top, bottom } = element.getBoundingClientRect();
    return (top + bottom) / 2;
}

/** @param {Element} row @param {number} by */
function pressMove(row, by) {
    const press = row.querySelector(`[data-move="${by}"]`);
    if (press instanceof HTMLButtonElement) press.click();
}
