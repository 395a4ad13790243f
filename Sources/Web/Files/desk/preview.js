// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Live preview of an update's text.
import { make } from "../shared/dom.js";
import { Refusal } from "./api.js";
import { fill, showRendered } from "./elements.js";
import { phrase } from "./phrases.js";

const PREVIEW_PAUSE = 250;

/** Shows a text rendered by the server. */
export class Preview {
    #timer = 0;
    /** @type {AbortController|null} */
    #request = null;
    /** @type {string|null} */
    #shown = "";

    /**
     * @param {DeskApi} api
     * @param {(refusal: Refusal) => HTMLElement|null} remedy What is offered beside a refusal.
     */
    constructor(api, remedy) {
        this.api = api;
        this.remedy = remedy;
        /**
         * Why the server refuses the text, as far as that is known.
         * @type {Refusal|null}
         */
        this.refusal = null;
        this.body = make("div", { class: "body" });
        this.trouble = make("div", { class: "hint", hidden: true });
        this.node = make("section", { class: "preview", "aria-label": phrase("preview"), hidden: true },
            make("h3", { class: "cap" }, phrase("preview")), this.body, this.trouble);
    }

    /**
     * Shows a text, debounced by 250 ms.
     * @param {string} text Markdown.
     */
    show(text) {
        if (text === this.#shown) return;
        this.#shown = text;
        this.refusal = null;
        this.close();
        this.node.hidden = !text.trim();
        if (text.trim()) this.#timer = setTimeout(() => this.#render(text), PREVIEW_PAUSE);
        else this.#fill("");
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
            if (!signal.aborted) this.#fill(answer.value.bodyHtml);
        } catch (failure) {
            if (!request.signal.aborted) this.#fail(failure);
        }
    }

    /** @param {string} bodyHtml @param {...Content} trouble */
    #fill(bodyHtml, ...trouble) {
        showRendered(this.body, bodyHtml);
        fill(this.trouble, ...trouble);
        this.trouble.hidden = trouble.length === 0;
    }

    /** @param {Failure} failure */
    #fail(failure) {
        const isRefused = failure instanceof Refusal && failure.errors.length > 0;
        this.refusal = isRefused ? failure : null;
        const reason = isRefused ? failure.errors.map(({ detail }) => detail).join("; ") : failure.message;
        this.#fill("", make("p", {}, phrase("noPreview", { reason })), isRefused && this.remedy(failure));
        // So that the next input tries again.
        if (!isRefused) this.#shown = null;
    }
}
