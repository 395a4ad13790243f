// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A story as it stands, kept up to date while it is on the desk.
import { Refusal } from "./api.js";
import { PollLoop } from "./poll-loop.js";
import { Feed } from "../client/feed.js";

const POLL_SECONDS = 3;
// Drafts have no feed: others' are read again after this time.
const DRAFTS_SECONDS = 12;

/** Follows a story's feed, with a key, and its drafts. */
export class Watch {
    /** @type {Feed|null} */
    #feed = null;
    /** @type {string|null} */
    #tag = null;
    #isExpired = true;
    #draftsAt = 0;

    /**
     * @param {{api: DeskApi, story: string, onChange: (changes: Change[]) => void, onState: (trouble: Failure|null) =>
     *   void, onGone: () => void}} options `onChange` gets the changes of a delta; none where all was read anew, or
     *   drafts alone.
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

    /** The story as it stands. */
    get feed() {
        if (!this.#feed) throw new Error("the story is not read yet");
        return this.#feed;
    }

    /** Reads everything again at once, after a change of one's own. */
    poke() {
        this.#draftsAt = 0;
        this.loop.poke();
    }

    close() {
        this.loop.close();
    }

    /**
     * Shows an update as the server has just answered it, before the feed brings it.
     * @param {EditorUpdate} update
     */
    take(update) {
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
     * Shows an update no more, before the feed says that it is gone.
     * @param {string} id
     */
    drop(id) {
        this.drafts = this.drafts.filter(draft => draft.id !== id);
        const known = this.feed.get(id);
        if (known) this.feed.apply({ op: "remove", id, seq: known.seq });
        this.onChange([]);
        this.poke();
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
            // The database was put back: all is read anew.
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

    // Whether anything has changed. Each page is told as soon as it is read: the next may fail.
    async #readDelta() {
        let isNew = false;
        for (let isMore = true; isMore;) {
            const path = `${this.path}/updates?cursor=${encodeURIComponent(this.feed.cursor)}`;
            const { status, value, tag } = await this.api.ask("GET", path, { noneMatch: this.#tag });
            if (status === 304) break;
            this.feed.applyDelta(value);
            // A tag is of one address, and the address has the cursor in it.
            this.#tag = value.changes.length ? null : tag;
            isMore = value.more;
            if (!value.changes.length) continue;
            isNew = true;
            this.onChange(value.changes);
        }
        return isNew;
    }

    // Whether they have changed. One that the feed still has is left out: it was taken back after the feed was read,
    // and is read again with the delta that removes it. So an update is never in two lists, whichever is read first.
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
