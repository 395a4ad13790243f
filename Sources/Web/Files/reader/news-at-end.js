// SPDX-License-Identifier: Apache-2.0
// @ts-check

/** In pixels: who is nearer to the end of the page sees what is new there. */
const END = 200;

/** With the oldest updates first: counts those that came since the page was opened, and leads to them. */
export class NewsAtEnd {
    #view;
    /**
     * Ids, in the order in which they came.
     * @type {Set<string>}
     */
    #unseen = new Set();

    /** @param {NavigatedView} view */
    constructor(view) {
        this.#view = view;
        addEventListener("scroll", () => this.#look(), { passive: true });
    }

    /** @param {Change[]|null} changes */
    count(changes) {
        // By the server's clock.
        const opened = this.#view.times.serverNow() - performance.now();
        for (const change of changes ?? []) {
            if (change.op === "remove") this.#unseen.delete(change.id);
            if (change.op !== "put") continue;
            const { id, publishedAt } = change.update;
            if (Date.parse(publishedAt) > opened) this.#unseen.add(id);
        }
    }

    /** Shows the button; returns the count. */
    draw() {
        const { size } = this.#unseen;
        const { news } = this.#view.parts;
        news.hidden = size === 0;
        news.textContent = size === 0 ? ""
            : this.#view.context.words.say("atTheEnd", { updates: this.#view.newUpdates(size) });
        return size;
    }

    /** Leads to the first. */
    async show() {
        const [first] = this.#unseen;
        this.#unseen.clear();
        this.#view.drawn();
        await this.#view.jump(first);
    }

    /** Nothing is new at the end for a reader who is there. */
    #look() {
        const isAtEnd = scrollY + innerHeight > document.documentElement.scrollHeight - END;
        if (this.#unseen.size === 0 || this.#view.feed.older || !isAtEnd) return;
        this.#unseen.clear();
        this.#view.drawn();
    }
}
