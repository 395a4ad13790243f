// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The menu of snippets below a text field, which keeps the focus.
import { make } from "../shared/dom.js";
import { fill, freshId } from "./elements.js";
import { shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";
import { foundSnippets, snippetEdit, snippetQuery } from "./snippets.js";
import { applyEdit } from "./text-edit.js";

const READ_AGAIN = 60_000;

/** Opens at a slash that begins a line, and narrows as one types on. */
export class SnippetMenu {
    /** @type {{node: HTMLElement, act: () => void}[]} */
    #options = [];
    #index = 0;
    #readAt = -Infinity;
    /** The query that was dismissed by Escape; another opens the menu again. */
    #dismissed = "";

    /**
     * @param {HTMLTextAreaElement} area
     * @param {import("./snippets.js").Snippets} snippets
     */
    constructor(area, snippets) {
        this.area = area;
        this.snippets = snippets;
        this.id = freshId("snippets");
        this.node = make("ul", { class: "snippet-menu", role: "listbox", id: this.id, "aria-label": phrase("snippets"),
            hidden: true, mousedown: event => event.preventDefault() });
        area.setAttribute("aria-autocomplete", "list");
        area.setAttribute("aria-controls", this.id);
        area.addEventListener("blur", () => this.close());
    }

    get isOpen() {
        return !this.node.hidden;
    }

    get query() {
        const { value, selectionStart, selectionEnd } = this.area;
        return selectionStart === selectionEnd ? snippetQuery(value, selectionStart) : null;
    }

    /** Shows what matches the input, or closes. */
    update() {
        const { query } = this;
        if (query === null || query === this.#dismissed && query) return this.close();
        this.#dismissed = "";
        this.#refresh();
        this.#show(query);
    }

    /** @param {string} query */
    #show(query) {
        const found = foundSnippets(this.snippets.own, query);
        if (found.length === 0) return this.close();
        const options = found.map(snippet => ({ text: snippet.name, look: "", act: () => this.#insert(snippet) }));
        options.push({ text: phrase("editSnippets"), look: "edit", act: () => this.#edit() });
        this.#options = options.map(({ text, look, act }) => ({ act, node: make("li", {
            role: "option", id: freshId("snippet"), class: look, click: act,
        }, text) }));
        fill(this.node, ...this.#options.map(({ node }) => node));
        this.node.hidden = false;
        this.#select(0);
    }

    // What was read before is shown meanwhile.
    async #refresh() {
        if (Date.now() - this.#readAt < READ_AGAIN) return;
        this.#readAt = Date.now();
        try {
            await this.snippets.read();
            const { query } = this;
            if (this.isOpen && query !== null) this.#show(query);
        } catch {
            this.#readAt = -Infinity;
        }
    }

    /** @param {number} index */
    #select(index) {
        this.#index = (index + this.#options.length) % this.#options.length;
        for (const [place, { node }] of this.#options.entries()) {
            node.setAttribute("aria-selected", String(place === this.#index));
        }
        const { node } = this.#options[this.#index];
        this.area.setAttribute("aria-activedescendant", node.id);
        node.scrollIntoView({ block: "nearest" });
    }

    /**
     * What a key does while the menu is open.
     * @param {KeyboardEvent} event
     * @returns {(() => void)|undefined}
     */
    keyAct({ key, shiftKey }) {
        if (!this.isOpen || shiftKey) return undefined;
        /** @type {Record<string, () => void>} */
        const acts = {
            ArrowDown: () => this.#select(this.#index + 1), ArrowUp: () => this.#select(this.#index - 1),
            Enter: () => this.#options[this.#index].act(), Tab: () => this.#options[this.#index].act(),
            Escape: () => this.#dismiss(),
        };
        return acts[key];
    }

    #dismiss() {
        this.#dismissed = this.query ?? "";
        this.close();
    }

    close() {
        this.node.hidden = true;
        this.area.removeAttribute("aria-activedescendant");
    }

    /** @param {import("./snippets.js").Snippet} snippet */
    #insert(snippet) {
        const { value, selectionStart } = this.area;
        this.close();
        applyEdit(this.area, snippetEdit(value, selectionStart, snippet, shortTime(new Date().toISOString())));
        this.close();
    }

    async #edit() {
        this.close();
        await this.snippets.edit();
        this.area.focus();
    }
}
