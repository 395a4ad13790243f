// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Single keys that are shortcuts, never while somebody types (WCAG 2.1.4).

/** @typedef {"j"|"k"|"e"|"p"|"x"|"n"|"/"|"?"} Shortcut */

/**
 * The shortcuts, and what they do.
 * @type {[Shortcut, string][]}
 */
export const SHORTCUTS = [
    ["j", "Next update"], ["k", "Previous update"], ["e", "Edit the update"], ["p", "Pin the update, or unpin it"],
    ["x", "Select the update"], ["n", "New update"], ["/", "Find in the story"], ["?", "Show these keys"],
];

/** Keys with a modifier, and those of every dialog: they cannot be switched off. */
export const FIXED_KEYS = [
    ["Ctrl+K", "Go to a story, an update or an action"], ["Shift+click", "Select all updates up to this one"],
    ["Esc", "Leave what is open: a search, an editor, a selection"],
];

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
