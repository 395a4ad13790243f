// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * Shows readers who come back where they were: a line above the newest update that they have seen, with the count of
 * those above. It lies on the border of that update, so that nothing moves.
 */
export class LastVisit {
    #view;
    #left;

    /** @param {NavigatedView} view @param {LeftAt} left Where and when the reader left. */
    constructor(view, left) {
        this.#view = view;
        this.#left = left;
        const words = this.mark();
        if (words) view.notice(words);
    }

    /** Draws the line, once the page reaches so far; returns its words. */
    mark() {
        const seen = rank(this.#left);
        const isKnown = document.querySelector("[data-here]");
        const first = isKnown ? null : articles().find(({ dataset: { id = "", published = "" } }) =>
            rank({ id, publishedAt: published }) <= seen);
        const count = first ? this.#view.feed.updates.filter(update => rank(update) > seen).length : 0;
        if (!first || count === 0) return "";
        const { times, context } = this.#view;
        const values = { updates: this.#view.newUpdates(count), time: times.clockTime(this.#left.at) };
        first.dataset.here = context.words.say("sinceYouWereHere", values);
        return first.dataset.here;
    }
}

/**
 * Of two updates, the later one has the greater rank.
 * @param {Place} place
 */
function rank({ id, publishedAt }) {
    return publishedAt + id;
}

/** @returns {HTMLElement[]} */
function articles() {
    return [...document.querySelectorAll(
        /** @type {"article"} */
        ("#updates > article"))];
}
