// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Live preview of an update's text.
import { make } from "../shared/dom.js";
import { fill, showRendered } from "./elements.js";
import { phrase } from "./phrases.js";

const PREVIEW_PAUSE = 250;

/** Shows a text rendered by the server. */
export class Preview {
    #timer = 0;
    /** @type {AbortController|null} */
    #request = null;
    #shown = "";

    /** @param {DeskApi} api */
    constructor(api) {
        this.api = api;
        this.body = make("div", { class: "body" });
        this.trouble = make("p", { class: "hint", hidden: true });
        this.node = make("section", { class: "preview", "aria-label": phrase("preview"), hidden: true },
            make("p", { class: "cap" }, phrase("preview")), this.body, this.trouble);
    }

    /**
     * Shows a text, debounced by 250 ms.
     * @param {string} text Markdown.
     */
    show(text) {
        if (text === this.#shown) return;
        this.#shown = text;
        clearTimeout(this.#timer);
        this.#request?.abort();
        this.node.hidden = !text.trim();
        if (text.trim()) this.#timer = setTimeout(() => this.#render(text), PREVIEW_PAUSE);
        else fill(this.body);
    }

    close() {
        clearTimeout(this.#timer);
        this.#request?.abort();
    }

    /** @param {string} text */
    async #render(text) {
        const request = new AbortController();
        this.#request = request;
        try {
            const { signal } = request;
            const answer = await this.api.ask("POST", "/preview", { text, type: "text/markdown", signal });
            showRendered(this.body, answer.value.bodyHtml);
            this.trouble.hidden = true;
        } catch (failure) {
            if (request.signal.aborted) return;
            fill(this.trouble, phrase("noPreview", { reason: failure.message }));
            this.trouble.hidden = false;
            // So that the next input tries again.
            this.#shown = "";
        }
    }
}
