// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Single keys that are shortcuts, never while somebody types (WCAG 2.1.4).
import { hasPhrase, phrase } from "./phrases.js";

/** @typedef {"j"|"k"|"e"|"p"|"x"|"n"|"/"|"?"} Shortcut */

/**
 * The shortcuts, and what they do.
 * @type {[Shortcut, string][]}
 */
export const SHORTCUTS = [
    ["j", phrase("keys.next")], ["k", phrase("keys.previous")], ["e", phrase("keys.edit")], ["p", phrase("keys.pin")],
    ["x", phrase("keys.select")], ["n", phrase("newUpdate")], ["/", phrase("keys.find")], ["?", phrase("keys.show")],
];

/** Keys with a modifier, and those of every dialog: they cannot be switched off. */
export const FIXED_KEYS = [
    ["Ctrl+K", phrase("keys.goTo")], ["Shift+click", phrase("keys.selectRange")], ["Esc", phrase("keys.leave")],
];

/**
 * The name of a key or of a combination, as it is on keyboards.
 * @param {string} keys Such as `Ctrl+K`.
 */
export function keyLabel(keys) {
    return keys.split("+").map(key => hasPhrase("key." + key) ? phrase("key." + key) : key).join("+");
}

/**
 * Returns the shortcut that a press of a key is.
 * @param {Pick<KeyboardEvent, "key"|"ctrlKey"|"metaKey"|"altKey"|"defaultPrevented"|"isComposing">} event
 * @param {boolean} isTyping Whether the focus is where keys are letters.
 * @returns {Shortcut|null}
 */
export function shortcutOf(event, isTyping) {
    if (isTyping || event.defaultPrevented || event.isComposing) return null;
    if (event.ctrlKey || event.metaKey || event.altKey) return null;
    return SHORTCUTS.find(([key]) => key === event.key)?.[0] ?? null;
}

/**
 * Whether a press of a key opens the palette: Ctrl+K, or Command+K, outside the text of an update, where it makes a
 * link.
 * @param {Pick<KeyboardEvent, "key"|"ctrlKey"|"metaKey"|"altKey"|"shiftKey"|"defaultPrevented">} event
 * @param {boolean} isInText
 */
export function opensPalette(event, isInText) {
    const isModified = (event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey;
    return isModified && event.key.toLowerCase() === "k" && !isInText && !event.defaultPrevented;
}

/**
 * Whether keys are letters in an element.
 * @param {EventTarget|null} target
 */
export function isTypedInto(target) {
    if (!(target instanceof HTMLElement)) return false;
    if (target instanceof HTMLInputElement) {
        return !["checkbox", "radio", "button", "file", "range"].includes(target.type);
    }
    return target.isContentEditable || Boolean(target.closest("textarea, select, iframe"));
}
