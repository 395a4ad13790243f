// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The desk's status message: what came of the last action, with a button to undo it.
import { button, fill } from "./elements.js";
import { phrase } from "./phrases.js";

const SECONDS = 8;
// For messages with a button.
const ACTION_SECONDS = 20;
// For an "Undo" that an attempt or a failure has put aside.
const ASIDE_SECONDS = 120;

/**
 * Shows one message at a time. A success disappears after a few seconds or at the next attempt. One with "Undo" is only
 * put aside by attempts and failures: it comes back once the failure is closed or something is typed, and Ctrl+Z undoes
 * meanwhile. The next success takes its place.
 */
export class StatusMessage {
    #hasTyped = false; // since the last message
    /** @type {ReturnType<typeof setTimeout>|undefined} */
    #timer;
    /**
     * The latest success, as long as it can be undone.
     * @type {{content: Content[], undo: HTMLElement}|null}
     */
    #undoable = null;

    /** @param {HTMLElement} node */
    constructor(node) {
        this.node = node;
        document.addEventListener("keydown", event => this.undoByKey(event));
        document.addEventListener("input", () => {
            this.#hasTyped = true;
            if (!this.node.hasChildNodes()) this.#bringBack();
        });
    }

    /**
     * @param {string} words
     * @param {HTMLElement[]} actions What it is about, and buttons, such as to undo.
     */
    show(words, actions) {
        this.clear();
        const undo = actions.find(node => node.matches("button.undo"));
        const content = [words, ...actions];
        this.#undoable = undo ? { content, undo } : null;
        this.#hasTyped = false;
        fill(this.node, ...content);
        this.#in(actions.some(node => node.matches("button")) ? ACTION_SECONDS : SECONDS, () => this.clear());
    }

    /**
     * Shows a failure; it stays until it is closed or replaced by the next message.
     * @param {string} words
     */
    showFailure(words) {
        this.#setAside();
        fill(this.node, words, button(phrase("close"), () => this.#bringBack(), { class: "quiet" }));
        this.node.className = "bad";
    }

    clearSuccess() {
        if (!this.node.className) this.clear();
        this.#undoable = null;
    }

    clear() {
        this.#empty();
        this.#undoable = null;
    }

    /** Takes the message away before an attempt, but not while it has the pointer or the focus. */
    hide() {
        this.#unlessInUse(() => this.#setAside());
    }

    #empty() {
        clearTimeout(this.#timer);
        fill(this.node);
        this.node.className = "";
    }

    #setAside() {
        this.#empty();
        if (this.#undoable) this.#timer = setTimeout(() => (this.#undoable = null), ASIDE_SECONDS * 1000);
    }

    #bringBack() {
        this.#empty();
        if (!this.#undoable) return;
        fill(this.node, ...this.#undoable.content);
        this.#in(ACTION_SECONDS, () => this.clear());
    }

    /** @param {number} seconds @param {() => void} work Done later while the message is in use. */
    #in(seconds, work) {
        clearTimeout(this.#timer);
        this.#timer = setTimeout(() => this.#unlessInUse(work), seconds * 1000);
    }

    /** @param {() => void} work */
    #unlessInUse(work) {
        if (this.node.matches(":hover, :focus-within")) this.#in(1, work);
        else work();
    }

    // Ctrl+Z presses "Undo", but where there is text, or has been since, it belongs to the text.
    /** @param {KeyboardEvent} event */
    undoByKey(event) {
        const isMeant = event.key.toLowerCase() === "z" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
        if (!isMeant || event.altKey || event.defaultPrevented || !this.#undoable) return;
        const { target } = event;
        const isText = target instanceof HTMLTextAreaElement
            || target instanceof HTMLInputElement && target.type !== "checkbox";
        if (isText && (target.value || this.#hasTyped) || document.querySelector("dialog[open]")) return;
        event.preventDefault();
        this.#undoable.undo.click();
    }
}
