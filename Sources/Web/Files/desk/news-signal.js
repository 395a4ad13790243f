// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Tells an editor who looks elsewhere that colleagues have published: by a number in the title, and by a tone if
// wanted.
import { playTone } from "../shared/tone.js";

/**
 * The title of the page, with a number of news.
 * @param {string} title
 * @param {number} count
 */
export function titleWithNews(title, count) {
    return count > 0 ? `(${count}) ${title}` : title;
}

/** Finds which updates are new among the changes of a story, and counts them while the page is hidden. */
export class NewsSignal {
    /** @type {Set<string>} */
    #known = new Set();
    #listening = new AbortController();
    #title = "";
    count = 0;

    /**
     * @param {{settings: import("./settings.js").DeskSettings, page?: Document, play?: () => void}} options
     * `play` plays the tone.
     */
    constructor({ settings, page = document, play = playTone }) {
        this.settings = settings;
        this.page = page;
        this.play = play;
        page.addEventListener("visibilitychange", () => {
            if (page.hidden) return;
            this.count = 0;
            this.#show();
        }, { signal: this.#listening.signal });
    }

    close() {
        this.#listening.abort();
    }

    /** @param {string} title */
    set title(title) {
        this.#title = title;
        this.#show();
    }

    /**
     * Notes updates that are no news: those that were there, and the editor's own.
     * @param {Iterable<{id: string}>} updates
     */
    know(updates) {
        for (const { id } of updates) this.#known.add(id);
    }

    /**
     * Notes changes by whomever.
     * @param {Change[]} changes
     * @param {(id: string) => boolean} isOwn
     */
    note(changes, isOwn) {
        const updates = changes.flatMap(change => change.op === "put" ? [change.update] : []);
        const news = updates.filter(({ id }) => !this.#known.has(id) && !isOwn(id));
        this.know(updates);
        if (!news.length) return;
        if (this.settings.get("sound")) this.play();
        if (!this.page.hidden) return;
        this.count += news.length;
        this.#show();
    }

    #show() {
        this.page.title = titleWithNews(this.#title, this.count);
    }
}
