// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Edits of a text field by the program.

/**
 * Edits a text field so that the browser's undo takes it back, where the browser can.
 * @param {HTMLTextAreaElement} area
 * @param {import("./markdown-edit.js").TextEdit} edit
 */
export function applyEdit(area, { start, end, text, from, to }) {
    const wanted = area.value.slice(0, start) + text + area.value.slice(end);
    area.focus();
    area.setSelectionRange(start, end);
    if (area.value !== wanted) document.execCommand(text ? "insertText" : "delete", false, text);
    if (area.value !== wanted) {
        area.value = wanted;
        area.dispatchEvent(new InputEvent("input", { bubbles: true }));
    }
    area.setSelectionRange(from, to);
}
