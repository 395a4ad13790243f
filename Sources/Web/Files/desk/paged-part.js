// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Base class of the parts of a story that show a paged list, newest first.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { button, fill } from "./elements.js";
import { phrase } from "./phrases.js";

/**
 * @template Item
 */
export class PagedPart {
    /**
     * The items read so far.
     * @type {Item[]}
     */
    items = [];
    /** @type {string|null} */
    #next = null;

    /**
     * @param {Desk} desk
     * @param {Watch} watch
     * @param {string} name The member of a page that holds its items.
     */
    constructor(desk, watch, name) {
        this.desk = desk;
        this.watch = watch;
        this.name = name;
        this.story = watch.feed.story.id;
        this.trouble = make("p", { class: "fault", role: "alert" });
        this.older = button(phrase("older"), () => this.#next && this.read(this.#next, true), { hidden: true });
    }

    // --- to be overridden ---

    /** The address of the first page. */
    get first() {
        return "";
    }

    /**
     * Shows `items`.
     * @param {boolean} _isAsked Whether the user has just requested them.
     */
    show(_isAsked) {}

    /** Reads additional data in parallel with a page. */
    async readMore() {}

    /** Called when a page cannot be read. */
    failed() {}

    // --- reading ---

    /** @param {Change[]} changes */
    changed(changes) {
        if (changes.length) this.start();
    }

    start(isAsked = false) {
        return this.read(this.first, isAsked, []);
    }

    /**
     * @param {string} address
     * @param {boolean} isAsked
     * @param {Item[]} before
     */
    async read(address, isAsked, before = this.items) {
        try {
            const [{ value }] = await Promise.all([this.desk.api.ask("GET", address), this.readMore()]);
            this.items = [...before, ...value[this.name]];
            this.#next = value.older ?? null;
            this.older.hidden = !this.#next;
            fill(this.trouble);
            this.show(isAsked);
        } catch (failure) {
            if (failure instanceof SignedOut) return;
            this.failed();
            fill(this.trouble, failure.message);
        }
    }
}
