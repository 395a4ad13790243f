// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The desk's status message: what came of the last action, with a button to undo it.
import { button, fill } from "./elements.js";
import { phrase } from "./phrases.js";

const SECONDS = 8;
// For messages with a button.
const ACTION_SECONDS = 20;

/** Shows one message at a time; a success disappears after a few seconds or at the next attempt. */
export class StatusMessage {
    #hasTyped = false; // since the last message
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    #timer;

    /** @param {HTMLElement} node */
    constructor(node) {
        this.node = node;
        document.addEventListener("keydown", event => this.undoByKey(event));
        document.addEventListener("input", () => (this.#hasTyped = true));
    }

    /**
     * @param {string} words
     * @param {HTMLElement[]} actions What it is about, and buttons, such as to undo.
     */
    show(words, actions) {
        this.clear();
        fill(this.node, words, ...actions);
        this.#hasTyped = false;
        this.#hideIn(actions.some(node => node.matches("button")) ? ACTION_SECONDS : SECONDS);
    }

    /**
     * Shows a failure; it stays until it is closed or replaced by the next message.
     * @param {string} words
     */
    showFailure(words) {
        this.clear();
        fill(this.node, words, button(phrase("close"), () => this.clear(), { class: "quiet" }));
        this.node.className = "bad";
    }

    clearSuccess() {
        if (!this.node.className) this.clear();
    }

    clear() {
        clearTimeout(this.#timer);
        fill(this.node);
        this.node.className = "";
    }

    /** Clears the message, but not while it has the pointer or the focus. */
    hide() {
        if (this.node.matches(":hover, :focus-within")) this.#hideIn(1);
        else this.clear();
    }

    /** @param {number} seconds */
    #hideIn(seconds) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.hide(), seconds * 1000);
    }

    // Ctrl+Z presses the message's "Undo", but where there is text, or has been since, it belongs to the text.
    /** @param {KeyboardEvent} event */
    undoByKey(event) {
        const isMeant = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
        const undo = this.node.querySelector("button.undo");
        if (!isMeant || event.altKey || event.defaultPrevented || !(undo instanceof HTMLElement)) return;
        const { target } = event;
        const isText = target instanceof HTMLTextAreaElement
            || target instanceof HTMLInputElement && target.type !== "checkbox";
        if (isText && (target.value || this.#hasTyped) || document.querySelector("dialog[open]")) return;
        event.preventDefault();
        undo.click();
    }
}
