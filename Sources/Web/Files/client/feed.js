// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Wireroom's client: holds a story and keeps it up to date. No dependencies.
//
//     import { follow } from "https://live.example.org/client.js";
//     const follower = follow({
//         base: "https://live.example.org",
//         story: "harbour-storm",                                  // slug or id
//         onRestart: feed => draw(feed.story, feed.pinned, feed.updates), // at first, and after each new snapshot
//         onChange: (changes, feed) => draw(feed.story, feed.pinned, feed.updates),
//         onReactions: counts => drawCounts(counts.story, counts.updates),
//         onState: state => drawState(state),  // live, polling, reconnecting, offline, closed, gone: none is final
//     });
//     await follower.loadOlder();              // the next page, if feed.older is not null
//     follower.close();
//
// `Feed` is the pure state machine, without network or clock, for use with another transport.

/**
 * A reader's copy of one story. After a snapshot, and changes and pages in any order, it converges to a fresh snapshot
 * of as many pages: each object carries the sequence number (`seq`) of its last change, and an older version never
 * replaces a newer one. Updates are as in the API.
 */
export class Feed {
    /** @type {Map<string, Update>} */
    #known = new Map();
    /**
     * The updates of `#known`, in list order.
     * @type {Update[]}
     */
    #sorted = [];
    /**
     * Tombstones: the `seq` of each removal, so that a stale page cannot bring the update back.
     * @type {Map<string, number>}
     */
    #removed = new Map();
    #storySeq = 0;
    #linksSeq = 0;
    /** @type {LinkLists|null} */
    links = null;
    /** Where the next delta or stream continues; opaque. */
    cursor = "";
    /**
     * The URL of the next page; null when everything is loaded.
     * @type {string|null}
     */
    older = null;
    /**
     * The sort key of the last update of the pages loaded; those below it are not all known.
     * @type {Place|null}
     */
    floor = null;
    /** @type {"newest"|"oldest"} */
    order = "newest";

    /**
     * Creates a feed from a snapshot (`GET /stories/{story}/updates`).
     * @param {FeedStart} snapshot
     */
    static of(snapshot) {
        return new Feed(snapshot);
    }

    /**
     * See `start`.
     * @param {FeedStart} snapshot
     */
    constructor(snapshot) {
        this.story = (
            /** @type {Story} */
            (snapshot.story)
        );
        this.start(snapshot);
    }

    /**
     * Resets the feed to a snapshot. It may also have `links` (`GET …/links`) and `keyEvents` (updates of pages not
     * loaded). If read from a server-rendered page, updates may have only `id, seq, publishedAt, pinned, keyEvent,
     * title, stricken`. `order` is that of its updates, by default as before, at first newest first.
     * @param {FeedStart} options
     */
    start({ story = null, links = null, cursor, older = null, pinned = [], updates = [], keyEvents = [], order }) {
        this.order = order ?? this.order;
        this.story = (
            /** @type {Story} */
            (story)
        );
        this.links = links;
        this.cursor = cursor;
        this.older = older;
        this.floor = older ? updates.at(-1) ?? null : null;
        this.#known.clear();
        this.#removed.clear();
        this.#sorted = [];
        this.#storySeq = story?.seq ?? 0;
        this.#linksSeq = 0;
        for (const list of [keyEvents, pinned, updates]) this.learn(list);
    }

    /**
     * Applies one change of a delta or stream.
     * @param {Change} change
     */
    apply(change) {
        if (change.op === "put") this.#put(change.update);
        else if (change.op === "remove") this.#remove(change.id, change.seq);
        else if (change.op === "story" && change.seq > this.#storySeq) {
            this.story = change.story;
            this.#storySeq = change.seq;
        } else if (change.op === "links" && change.seq > this.#linksSeq) {
            this.links = change.links;
            this.#linksSeq = change.seq;
        }
    }

    /**
     * Applies a delta (`GET …/updates?cursor=`).
     * @param {Delta} delta
     */
    applyDelta(delta) {
        for (const change of delta.changes) this.apply(change);
        this.cursor = delta.cursor;
    }

    /**
     * Adds the page that was read at `address`; returns false, ignoring it, unless that is still `older`. The page may
     * be older or newer than changes already applied.
     * @param {Page} page
     * @param {string|null} [address]
     */
    addPage(page, address = this.older) {
        if (!address || address !== this.older) return false;
        this.learn(page.updates);
        this.older = page.older;
        this.floor = page.older ? page.updates.at(-1) ?? this.floor : null;
        return true;
    }

    /**
     * Merges updates from any source; `floor` stays, so that no more of the list is shown.
     * @param {Update[]} updates
     */
    learn(updates) {
        for (const update of updates) this.#put(update);
    }

    /**
     * The update with an id, shown or not; undefined if there is none.
     * @param {string} id
     */
    get(id) {
        return this.#known.get(id);
    }

    /** The updates to show, in order, down to `floor`. */
    get updates() {
        return this.floor ? this.#sorted.slice(0, this.#rank(this.floor, true)) : [...this.#sorted];
    }

    /** All pinned updates, including those of pages not loaded, newest first. */
    get pinned() {
        return this.#newest(update => update.pinned);
    }

    /** The key events known so far, newest first. */
    get keyEvents() {
        return this.#newest(update => update.keyEvent);
    }

    /** @param {(update: Update) => boolean} isWanted */
    #newest(isWanted) {
        const found = this.#sorted.filter(isWanted);
        return this.order === "oldest" ? found.reverse() : found;
    }

    /** @param {Update} update */
    #put(update) {
        const known = this.#known.get(update.id);
        if (update.seq < (known ?? update).seq || update.seq <= (this.#removed.get(update.id) ?? -1)) return;
        if (known) this.#sorted.splice(this.#rank(known), 1);
        this.#sorted.splice(this.#rank(update), 0, update);
        this.#known.set(update.id, update);
    }

    /** @param {string} id @param {number} seq */
    #remove(id, seq) {
        const known = this.#known.get(id);
        if (known && known.seq > seq) return;
        if (known) this.#sorted.splice(this.#rank(known), 1);
        this.#known.delete(id);
        this.#removed.set(id, Math.max(seq, this.#removed.get(id) ?? 0));
    }

    /**
     * The number of updates before a place, or up to and including it, by binary search.
     * @param {Place} place
     * @param {boolean} [isIncluded]
     */
    #rank(place, isIncluded = false) {
        let [low, high] = [0, this.#sorted.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            const known = this.#sorted[middle];
            const order = this.order === "oldest" ? comparePlaces(place, known) : comparePlaces(known, place);
            if (order < 0 || (isIncluded && order === 0)) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

/**
 * A comparator for `sort`: newest first, ties by id.
 * @param {Place} a
 * @param {Place} b
 */
export function comparePlaces(a, b) {
    if (a.publishedAt !== b.publishedAt) return a.publishedAt > b.publishedAt ? -1 : 1;
    if (a.id === b.id) return 0;
    return a.id > b.id ? -1 : 1;
}

/**
 * Returns the counts of reactions after a `reactions` event of the stream: merges the changed ones into `counts`; with
 * `all`, replaces them.
 * @param {Reactions|null} counts
 * @param {ReactionsEvent} options
 */
export function mergedReactions(counts, { all = false, story, updates }) {
    if (all || !counts) return { story, updates };
    const merged = { story: { ...counts.story, ...story }, updates: { ...counts.updates } };
    for (const [id, changed] of Object.entries(updates)) merged.updates[id] = { ...merged.updates[id], ...changed };
    return merged;
}
