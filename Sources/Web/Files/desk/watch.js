// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Follows a story while it is open on the desk.
import { Refusal } from "./api.js";
import { PollLoop } from "./poll-loop.js";
import { Feed } from "../client/feed.js";

const POLL_SECONDS = 3;
// Drafts have no feed: they are polled at this interval.
const DRAFTS_SECONDS = 12;

/** Polls a story's feed and its drafts, with the editor's key. */
export class Watch {
    /** @type {Feed|null} */
    #feed = null;
    /** @type {string|null} */
    #tag = null;
    /**
     * Ids of updates that were published or changed from here.
     * @type {Set<string>}
     */
    #own = new Set();
    #isExpired = true;
    #draftsAt = 0;

    /**
     * @param {{api: DeskApi, story: string, onChange: (changes: Change[]) => void, onState: (trouble: Failure|null) =>
     *   void, onGone: () => void}} options `onChange` receives the changes of a delta; an empty array after a full
     *   read, or if only drafts changed.
     */
    constructor({ api, story, onChange, onState, onGone }) {
        this.api = api;
        this.path = `/stories/${story}`;
        this.onChange = onChange;
        this.onGone = onGone;
        /** @type {EditorUpdate[]} */
        this.drafts = [];
        this.loop = new PollLoop({ read: () => this.#read(), seconds: POLL_SECONDS, onState });
    }

    /** Whether the story has been read. */
    get isRead() {
        return this.#feed !== null;
    }

    /** The current state of the story; throws before the first read. */
    get feed() {
        if (!this.#feed) throw new Error("the story is not read yet");
        return this.#feed;
    }

    /** Reads feed and drafts at once, after a change made here. */
    poke() {
        this.#draftsAt = 0;
        this.loop.poke();
    }

    close() {
        this.loop.close();
    }

    /**
     * Applies an update from a response, before it arrives in the feed.
     * @param {EditorUpdate} update
     */
    take(update) {
        this.#own.add(update.id);
        this.drafts = this.drafts.filter(draft => draft.id !== update.id);
        const { seq, publishedAt } = update;
        if (update.state === "published" && seq !== null && publishedAt !== null) {
            this.feed.learn([{ ...update, seq, publishedAt }]);
        } else {
            const known = this.feed.get(update.id);
            if (known) this.feed.apply({ op: "remove", id: update.id, seq: known.seq });
            this.drafts = [update, ...this.drafts];
        }
        this.onChange([]);
        this.poke();
    }

    /**
     * Removes an update, before its removal arrives in the feed.
     * @param {string} id
     */
    drop(id) {
        this.drafts = this.drafts.filter(draft => draft.id !== id);
        const known = this.feed.get(id);
        if (known) this.feed.apply({ op: "remove", id, seq: known.seq });
        this.onChange([]);
        this.poke();
    }

    /**
     * Whether an update was published or changed from here.
     * @param {string} id
     */
    isOwn(id) {
        return this.#own.has(id);
    }

    /**
     * Loads older updates until one is shown that was published at a time or before it.
     * @param {string} publishedAt
     * @param {() => boolean} isWanted Whether to go on.
     */
    async loadUntil(publishedAt, isWanted) {
        let isNew = false;
        for (let address = this.#feed?.older; address && isWanted(); address = this.feed.older) {
            const { floor } = this.feed;
            if (floor && floor.publishedAt < publishedAt) break;
            // Larger pages: the editor waits for them.
            const path = /[?&]limit=/.test(address) ? address : `${address}&limit=200`;
            const { value } = await this.api.ask("GET", path);
            isNew = this.feed.addPage(value, address) || isNew;
        }
        if (isNew) this.onChange([]);
    }

    /** Adds the next page of older updates. */
    async loadOlder() {
        const address = this.#feed?.older;
        if (!address) return;
        const { value } = await this.api.ask("GET", address);
        this.feed.addPage(value, address);
        this.onChange([]);
    }

    async #read() {
        try {
            if (this.#isExpired) return await this.#readAll();
            const isNew = await this.#readDelta();
            const isDue = this.drafts.some(draft => draft.publishAt && Date.parse(draft.publishAt) <= Date.now());
            const isOld = Date.now() - this.#draftsAt > DRAFTS_SECONDS * 1000;
            if ((isNew || isDue || isOld) && await this.#readDrafts(this.feed)) this.onChange([]);
        } catch (failure) {
            if (!(failure instanceof Refusal) || ![403, 404, 410].includes(failure.status)) throw failure;
            if (failure.status !== 410) return this.#leave();
            // The cursor is of another epoch: a full read follows.
            this.#isExpired = true;
            this.loop.poke();
        }
    }

    #leave() {
        this.onGone();
        return false;
    }

    async #readAll() {
        const { value } = await this.api.ask("GET", `${this.path}/updates`);
        const feed = Feed.of(value);
        await this.#readDrafts(feed);
        this.#feed = feed;
        this.#tag = null;
        this.#isExpired = false;
        this.onChange([]);
    }

    // Returns whether anything has changed. Each page is reported as soon as it is read, since the next may fail.
    async #readDelta() {
        let isNew = false;
        for (let isMore = true; isMore;) {
            const path = `${this.path}/updates?cursor=${encodeURIComponent(this.feed.cursor)}`;
            const { status, value, tag } = await this.api.ask("GET", path, { noneMatch: this.#tag });
            if (status === 304) break;
            this.feed.applyDelta(value);
            // An entity tag is valid for one URL, and the cursor is part of the URL.
            this.#tag = value.changes.length ? null : tag;
            isMore = value.more;
            if (!value.changes.length) continue;
            isNew = true;
            this.onChange(value.changes);
        }
        return isNew;
    }

    // Returns whether they have changed. Skips drafts that the feed still has: they were unpublished after the feed was
    // read, and are read again with the delta that removes them. So no update is in two lists, in whichever order.
    /** @param {Feed} feed */
    async #readDrafts(feed) {
        /** @type {EditorUpdate[]} */
        const drafts = [];
        for (let address = `${this.path}/drafts?limit=200`; address;) {
            const { value } = await this.api.ask("GET", address);
            drafts.push(...value.drafts.filter((/** @type {EditorUpdate} */ draft) => !feed.get(draft.id)));
            address = value.older;
        }
        const isNew = JSON.stringify(drafts) !== JSON.stringify(this.drafts);
        this.drafts = drafts;
        this.#draftsAt = Date.now();
        return isNew;
    }
}
