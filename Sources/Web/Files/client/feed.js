// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Wireroom's client: what a front-end needs to hold a story and keep it up to date. No dependencies.
//
//     import { follow } from "https://live.example.org/client.js";
//     const follower = follow({
//         base: "https://live.example.org",
//         story: "harbour-storm",                                  // slug or id
//         onRestart: feed => draw(feed.story, feed.pinned, feed.updates), // at first; and whenever it begins anew
//         onChange: (changes, feed) => draw(feed.story, feed.pinned, feed.updates),
//         onReactions: counts => drawCounts(counts.story, counts.updates),
//         onState: state => drawState(state),  // live, polling, reconnecting, offline, closed, gone: none is the end
//     });
//     await follower.loadOlder();              // a further page, if feed.older is not null
//     follower.close();
//
// `Feed` is the pure state machine of the feed, without network or clock, for users with a transport of their own.

/**
 * A reader's copy of one story. After a snapshot, and any changes and further pages in whatever order they come, it
 * shows what a fresh snapshot of as many pages would: each thing carries the number (`seq`) of its last change, and
 * none gives way to an older state of itself. Updates are those of the API; `order=oldest` is not for it.
 */
export class Feed {
    /** @type {Map<string, Update>} */
    #known = new Map();
    /**
     * Those of `#known`, as they are listed.
     * @type {Update[]}
     */
    #sorted = [];
    /**
     * The number of each removal, so that a page read before it cannot bring the update back.
     * @type {Map<string, number>}
     */
    #removed = new Map();
    #storySeq = 0;
    #linksSeq = 0;
    /** @type {LinkLists|null} */
    links = null;
    /** Where the next delta or stream goes on; opaque. */
    cursor = "";
    /**
     * The address of the next page; null when everything is loaded.
     * @type {string|null}
     */
    older = null;
    /**
     * The place of the last update of the pages so far; below it there may be some that are not known.
     * @type {Place|null}
     */
    floor = null;

    /**
     * The feed of a snapshot (`GET /stories/{story}/updates`).
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
     * Forgets everything and begins again. Beside a snapshot's members there may be `links` (`GET …/links`) and
     * `keyEvents` (updates of pages not loaded). Whoever starts from a page that a server has written may know of
     * updates no more than `id, seq, publishedAt, pinned, keyEvent, title, stricken`.
     * @param {FeedStart} options
     */
    start({ story = null, links = null, cursor, older = null, pinned = [], updates = [], keyEvents = [] }) {
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
     * Adds the page that was read at `address`; false, and nothing is done, where that is not (or no longer) `older`.
     * It may have been read before or after changes that are known.
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
     * Takes updates in, from wherever, without showing more of the list than before.
     * @param {Update[]} updates
     */
    learn(updates) {
        for (const update of updates) this.#put(update);
    }

    /**
     * The update of an id, shown or not; undefined when there is none.
     * @param {string} id
     */
    get(id) {
        return this.#known.get(id);
    }

    /** What is to be shown: the newest first, down to the end of the pages so far. */
    get updates() {
        return this.floor ? this.#sorted.slice(0, this.#rank(this.floor, true)) : [...this.#sorted];
    }

    /** All pinned updates, also those of pages not loaded, the newest first. */
    get pinned() {
        return this.#sorted.filter(update => update.pinned);
    }

    /** The key events that are known, the newest first. */
    get keyEvents() {
        return this.#sorted.filter(update => update.keyEvent);
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
     * How many updates are listed before a place, or up to it.
     * @param {Place} place
     * @param {boolean} [isIncluded]
     */
    #rank(place, isIncluded = false) {
        let [low, high] = [0, this.#sorted.length];
        while (low < high) {
            const middle = (low + high) >> 1;
            const order = comparePlaces(this.#sorted[middle], place);
            if (order < 0 || (isIncluded && order === 0)) low = middle + 1;
            else high = middle;
        }
        return low;
    }
}

/**
 * The order of the list, for `sort`: the newest first, and by id where that is the same.
 * @param {Place} a
 * @param {Place} b
 */
export function comparePlaces(a, b) {
    if (a.publishedAt !== b.publishedAt) return a.publishedAt > b.publishedAt ? -1 : 1;
    if (a.id === b.id) return 0;
    return a.id > b.id ? -1 : 1;
}

/**
 * The counts of reactions that a reader holds after an event `reactions` of the stream: those that have changed are
 * merged into `counts`; an event of all of them takes their place.
 * @param {Reactions|null} counts
 * @param {ReactionsEvent} options
 */
export function mergedReactions(counts, { all = false, story, updates }) {
    if (all || !counts) return { story, updates };
    const merged = { story: { ...counts.story, ...story }, updates: { ...counts.updates } };
    for (const [id, changed] of Object.entries(updates)) merged.updates[id] = { ...merged.updates[id], ...changed };
    return merged;
}
