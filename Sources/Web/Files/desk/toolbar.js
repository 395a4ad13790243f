// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A toolbar by the pattern of WAI-ARIA: one stop of the Tab key, arrow keys within.
import { make } from "../shared/dom.js";
import { button } from "./elements.js";
import { keyLabel } from "./shortcuts.js";

/**
 * @typedef {{text: string, label: string, keys?: string, class?: string, act: () => void}} ToolbarItem `text` is
 *   shown, `label` is the name; `keys`: a shortcut such as `Ctrl+B`.
 */

/**
 * Creates a toolbar.
 * @param {string} label
 * @param {string} controls The id of the field that it acts on.
 * @param {ToolbarItem[]} items
 */
export function toolbar(label, controls, items) {
    const buttons = items.map((item, index) => toolbarButton(item, index === 0));
    return make("div", {
        class: "toolbar", role: "toolbar", "aria-label": label, "aria-controls": controls,
        keydown: event => event instanceof KeyboardEvent && moveFocus(event, buttons),
        // The field keeps the focus, and its selection.
        mousedown: event => event.preventDefault(),
    }, ...buttons);
}

/** @param {ToolbarItem} item @param {boolean} isFirst */
function toolbarButton({ text, label, keys, class: look, act }, isFirst) {
    return button(text, act, {
        class: `quiet ${look ?? ""}`.trim(), "aria-label": label === text ? null : label,
        title: keys ? `${label} (${keyLabel(keys)})` : label,
        "aria-keyshortcuts": keys?.replace("Ctrl", "Control"), tabindex: isFirst ? "0" : "-1",
    });
}

/** @param {KeyboardEvent} event @param {HTMLElement[]} buttons */
function moveFocus(event, buttons) {
    const next = nextIndex(event.key, buttons.findIndex(node => node === event.target), buttons.length);
    if (next === null || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    for (const [index, node] of buttons.entries()) node.tabIndex = index === next ? 0 : -1;
    buttons[next].focus();
}

/**
 * The item that a key leads to, or null.
 * @param {string} key
 * @param {number} index
 * @param {number} count
 */
export function nextIndex(key, index, count) {
    switch (key) {
    case "ArrowRight": return (index + 1) % count;
    case "ArrowLeft": return (index + count - 1) % count;
    case "Home": return 0;
    case "End": return count - 1;
    default: return null;
    }
}
