// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { comparePlaces } from "../client/feed.js";
import { renew } from "./markup.js";
import { landmark, shiftOf } from "./scroll-anchor.js";

/**
 * The updates of a feed on a page. New ones that would displace what the reader sees wait until `reveal`; everything
 * else is shown at once.
 */
export class UpdateList {
    /**
     * The articles on the page, by id.
     * @type {Map<string, HTMLElement>}
     */
    #articles = new Map();
    #pinned;
    #updates;
    #make;
    #only;
    #isAscending;

    /**
     * Ids of new updates that are not shown yet.
     * @type {Set<string>}
     */
    waiting = new Set();

    /**
     * The newest update that the reader saw before navigating away; it and older ones are not new.
     * @type {Place|null}
     */
    seen = null;

    /**
     * `updates` is the section of the list, `pinned` the one above it for pinned updates (null: they stay in the list).
     * Adopts existing articles. `make(update)` makes an article; `only` is the id of the single update to show; `order`
     * that of the feed.
     * @param {ListOptions} options
     */
    constructor({ updates, pinned = null, make, only = null, order }) {
        this.#isAscending = order === "oldest";
        this.#updates = updates;
        this.#pinned = pinned;
        this.#make = make;
        this.#only = only;
        for (const article of this.articles()) this.#articles.set(idOf(article), article);
    }

    /** The sections, from the top. */
    get sections() {
        return this.#pinned ? [this.#pinned, this.#updates] : [this.#updates];
    }

    /** All articles on the page, from the top. */
    articles() {
        // They are children: a query would look at all that is within them.
        return this.sections.flatMap(section => (
            /** @type {HTMLElement[]} */
            ([...section.children])
        ).filter(({ localName }) => localName === "article"));
    }

    /**
     * Shows the changed updates (ids) of a feed, by default all; inserts new ones at the top only if they may push the
     * others down. Returns the articles that were not on the page before.
     * @param {Feed} feed
     * @param {Iterable<string>} [changed]
     * @param {boolean} [mayPush]
     */
    show(feed, changed = this.#articles.keys(), mayPush = true) {
        for (const id of [...changed]) this.#change(feed.get(id), this.#articles.get(id));
        return this.#arrange(feed, mayPush);
    }

    /**
     * Shows waiting updates; returns their articles from the top.
     * @param {Feed} feed
     */
    reveal(feed) {
        return this.#arrange(feed, true);
    }

    /** @param {Update|undefined} update @param {HTMLElement|undefined} article */
    #change(update, article) {
        if (!article) return;
        // `#arrange` reinserts it at its new place.
        const isSame = update?.publishedAt === article.dataset.published;
        if (!isSame || !update || this.#section(update) !== article.parentElement) this.#remove(article);
        // Partial updates, from a server-rendered page, have nothing new.
        if (update?.bodyHtml === undefined) return;
        renew(article, this.#make(update));
        this.#articles.set(update.id, article);
    }

    /** @param {HTMLElement} article */
    #remove(article) {
        article.remove();
        this.#articles.delete(idOf(article));
    }

    /** @param {Update} update */
    #section(update) {
        return this.#pinned && update.pinned ? this.#pinned : this.#updates;
    }

    /**
     * Puts all articles in order; returns those that were not on the page before.
     * @param {Feed} feed
     * @param {boolean} mayPush
     */
    #arrange(feed, mayPush) {
        // With the oldest first, nothing new is above.
        const top = mayPush || this.#isAscending ? null : placeOf(this.#updates.querySelector("article"));
        const shown = new Set();
        const fresh = [];
        this.waiting.clear();
        for (const section of this.sections) {
            let next = section.firstElementChild;
            for (const update of this.#wanted(feed, section)) {
                let article = this.#articles.get(update.id);
                if (!article) {
                    if (update.bodyHtml === undefined) continue;
                    if (top && comparePlaces(update, top) < 0 && !this.#wasSeen(update)) {
                        this.waiting.add(update.id);
                        continue;
                    }
                    article = this.#make(update);
                    this.#articles.set(update.id, article);
                    fresh.push(article);
                }
                shown.add(article);
                if (article === next) next = next.nextElementSibling;
                else section.insertBefore(article, next);
            }
        }
        for (const article of this.#articles.values()) if (!shown.has(article)) this.#remove(article);
        if (this.#pinned) this.#pinned.hidden = !this.#pinned.firstElementChild;
        return fresh;
    }

    /** @param {Update} update */
    #wasSeen(update) {
        return this.seen !== null && comparePlaces(update, this.seen) >= 0;
    }

    /** @param {Feed} feed @param {Element} section */
    #wanted(feed, section) {
        if (this.#only) return [feed.get(this.#only) ?? []].flat();
        if (section === this.#pinned) return feed.pinned;
        return this.#pinned ? feed.updates.filter(update => !update.pinned) : feed.updates;
    }
}

/**
 * Runs a change of a list, and preserves the focus and the scroll position. `scroller` has `top`, the upper edge of
 * the visible part (in pixels from the top of the window), and `by(pixels)`; null: the position may move. `root` is
 * the document or shadow root.
 * @param {UpdateList} list
 * @param {Scroller|null} scroller
 * @param {DocumentOrShadowRoot} root
 * @param {() => Result} work
 * @template Result
 */
export function keepScrollPosition(list, scroller, root, work) {
    const focused = (
        /** @type {HTMLElement|null} */
        (root.activeElement)
    );
    const article = focused?.closest("article");
    const seen = scroller ? landmarks(list, scroller.top) : [];
    const result = work();
    const distance = shiftOf(seen);
    // Ignores rounding errors.
    if (Math.abs(distance) >= 1) scroller?.by(distance);
    if (focused && article && root.activeElement !== focused) {
        const next = article.isConnected ? article.querySelector("a") : list.sections.at(-1);
        (focused.isConnected ? focused : next)?.focus({ preventScroll: true });
    }
    return result;
}

/**
 * Landmarks of the first visible articles, found by binary search.
 * @param {UpdateList} list
 * @param {number} top
 */
function landmarks(list, top) {
    const articles = list.articles();
    let [low, high] = [0, articles.length];
    while (low < high) {
        const middle = (low + high) >> 1;
        if (articles[middle].getBoundingClientRect().bottom > top) high = middle;
        else low = middle + 1;
    }
    const seen = articles.slice(low, low + 8).map(element => landmark(element));
    // For readers past the end of the list, its lower edge is the anchor.
    if (articles.length > 0) seen.push(...list.sections.slice(-1).map(section => landmark(section, "bottom")));
    return seen.filter(({ place }) => place < innerHeight);
}

/** @param {HTMLElement|null} article */
function placeOf(article) {
    return article ? { id: idOf(article), publishedAt: article.dataset.published ?? "" } : null;
}

/**
 * The id of an article's update.
 * @param {HTMLElement} article
 */
export function idOf(article) {
    return article.dataset.id ?? "";
}

/**
 * Highlights new articles briefly.
 * @param {HTMLElement[]} articles
 */
export function flash(articles) {
    for (const article of articles) {
        article.animate({ backgroundColor: ["var(--fresh)", "transparent"] }, { duration: 3000, easing: "ease-in" });
    }
}
