// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { Feed, mergedReactions } from "./feed.js";
import { backoffPause, gonePause, pollPause } from "./backoff.js";
import { serverTime } from "./events.js";
import { Pause } from "./pause.js";
import { readJSON, withQuery } from "./requests.js";
import { browserEnvironment, slotsOf } from "./environment.js";

// Times are in milliseconds. A stream that lasted this long resets the back-off.
const STEADY_STREAM = 10_000;
// After this many consecutive streams without a byte, only polls for a while.
const DEAD_STREAMS = 3, STREAM_PAUSE = 5 * 60_000;
// While the browser reports that it is offline, which may be wrong.
const OFFLINE_PAUSE = 60_000;
// The server's own 404 is trusted after this many in a row.
const NOT_FOUNDS = 2;
// In seconds, if a response names no interval. Older servers send 0 for a closed story.
const POLL_AFTER = 10;
const CLOSED_POLL_AFTER = 300;

/**
 * Keeps a feed up to date: by a stream while the page is visible, else by polls; across lost connections, sleep and
 * restored databases. It catches up by polling before each stream, always from the feed's cursor: no change is missed.
 * It never stops by itself: a closed story, or one that is gone, is polled slowly, and at once when the reader returns
 * to the page; if it is reopened or published again, following continues. All followers of a page share three streams
 * per origin; the others poll until one is free. Options: `FollowerOptions`, client.d.ts.
 */
export class Follower {
    /** @type {FollowerOptions} */
    #options;
    /** @type {Environment} */
    #environment;
    #isOver = false;
    /** @type {FollowerState|null} */
    #state = null;
    #closing = new AbortController();
    // The request in flight that `#run` awaits.
    /** @type {AbortController|null} */
    #current = null;
    #isStreaming = false;
    /** The request was aborted by `#cut`, to continue at once. */
    #wasCut = false;
    #pause;
    #mustStart;
    /** @type {string|null} */
    #snapshotPath = null;
    /** Whether this round has caught up. */
    #hasPolled = false;
    #failures = 0;
    #deadStreams = 0;
    #streamsFrom = 0;
    /** The end of the server's `Retry-After`. */
    #notBefore = 0;
    #isClosed = false;
    /** Consecutive 404s of the server. */
    #notFounds = 0;
    /** The next poll must be revalidated, not answered from the browser's cache. */
    #mustAsk = false;
    /** @type {import("./client.js").StreamSemaphore} */
    #slots;
    #wakeForSlot = () => this.#rouse();
    // All known counts of reactions, and the number of `reactions` events received.
    /** @type {Reactions|null} */
    #reactions = null;
    #reactionEvents = 0;

    /** @param {FollowerOptions} options */
    constructor(options) {
        this.#options = options;
        this.#environment = /** @type {Environment} */ ({ ...browserEnvironment, ...options.environment });
        this.base = (options.base ?? "").replace(/\/+$/, "");
        // Null before the first snapshot, until which nothing else is done.
        this.feed = (
            /** @type {import("./client.js").Feed} */
            (options.feed ?? null)
        );
        this.#mustStart = !options.feed;
        this.#slots = slotsOf(this.base, this.#environment);
        this.#pause = new Pause(this.#environment);
        /** Seconds between polls, as last set by the server. */
        this.pollAfter = POLL_AFTER;
    }

    start() {
        /** @param {string} name @param {(event: Event) => void} handle */
        const on = (name, handle) => this.#environment.listen(name, handle, this.#closing.signal);
        on("visibilitychange", () => {
            if (this.#environment.isVisible()) this.#rouse();
            else if (this.#isStreaming) this.#cut();
        });
        on("online", () => this.#cut());
        on("offline", () => this.#cut());
        // A page restored from the back/forward cache has dead connections.
        on("pageshow", event => (
            /** @type {PageTransitionEvent} */
            (event)
        ).persisted ? this.#cut() : this.#rouse());
        this.#run();
        return this;
    }

    /** Stops everything. */
    close() {
        this.#isOver = true;
        this.#closing.abort();
        this.#slots.leave(this.#wakeForSlot);
        this.#current?.abort();
        this.#pause.wake();
    }

    /** Reads the next page into the feed. Returns false if there is none, or the feed was restarted meanwhile. */
    async loadOlder() {
        const address = this.feed?.older;
        return address ? this.feed.addPage(await this.#read(address), address) : false;
    }

    /** Reads the counts of reactions, and passes them to `onReactions`. */
    async loadReactions() {
        const before = this.#reactionEvents;
        const counts = await this.#read(this.#path("reactions"));
        // Counts received by the stream meanwhile are newer.
        if (!this.#isOver && before === this.#reactionEvents) this.#call("onReactions", (this.#reactions = counts));
    }

    async #run() {
        while (!this.#isOver) {
            try {
                await this.#round();
            } catch (error) {
                await this.#recover(error);
            }
        }
    }

    /** One round: reads a snapshot if needed, catches up, then streams or waits. */
    async #round() {
        if (!this.#environment.isOnline()) {
            this.#say("offline");
            await this.#sleep(OFFLINE_PAUSE);
        }
        this.#hasPolled = false;
        if (this.#mustStart) await this.#begin();
        await this.#catchUp();
        this.#hasPolled = true;
        if (this.#isOver) return;
        if (this.#mayStream()) {
            await this.#stream();
            // Else the tab was hidden, or the story was closed: the feed is up to date, so waits.
            if (this.#isOver || (this.#environment.isVisible() && !this.#isClosed)) return;
        }
        if (this.#environment.isVisible()) this.#tellReactions();
        this.#failures = 0;
        this.#say(this.#isClosed ? "closed" : "polling");
        await this.#sleep(this.#pollPause());
    }

    /** @param {Failure} error */
    async #recover(error) {
        if (this.#isOver || this.#tookCut()) return;
        const wish = (error.retryAfter ?? 0) * 1000;
        this.#notBefore = this.#environment.now() + wish;
        this.#mustAsk = true;
        if (error.isNotFound) this.#notFounds += 1;
        if (this.#isGone) return this.#waitForStory();
        this.#failures += 1;
        if (error.status === 410 || (error.status === 400 && !this.#mustStart)) {
            this.#mustStart = true;
            this.#snapshotPath = error.problem?.snapshot ?? null;
            // The first time at once; after that, an intermediate cache may have to expire first.
            if (this.#failures === 1) return;
        }
        this.#say(this.#environment.isOnline() ? "reconnecting" : "offline");
        const backoff = backoffPause(this.#failures, this.#environment.random());
        // If only streams fail, waits no longer than between polls.
        const pause = this.#hasPolled ? Math.min(backoff, this.#pollPause()) : backoff;
        await this.#sleep(Math.max(pause, wish && wish + pause / 10));
    }

    get #isGone() {
        return this.#notFounds >= NOT_FOUNDS;
    }

    /** Waits before looking for the story again, from a new snapshot. */
    async #waitForStory() {
        this.#mustStart = true;
        this.#snapshotPath = null;
        this.#say("gone");
        await this.#sleep(this.#pollPause(gonePause(this.#notFounds - NOT_FOUNDS)));
    }

    #pollPause(pause = this.pollAfter * 1000) {
        return pollPause(pause, this.#environment.isVisible(), this.#environment.random());
    }

    async #begin() {
        const { filter, order, limit, links } = this.#options;
        const path = this.#snapshotPath?.split("?")[0] ?? this.#path("updates");
        const address = withQuery(path, { ...filter, order, limit });
        // The cached response may be stale: revalidates.
        const snapshot = await this.#wait(address, { cache: this.feed || this.#mustAsk ? "no-cache" : "default" });
        if (links) snapshot.links = await this.#wait(this.#path("links", { cursor: snapshot.cursor }));
        if (this.#isOver) return;
        if (this.feed) this.feed.start(snapshot);
        else this.feed = new Feed({ ...snapshot, order });
        this.#mustStart = false;
        this.#notFounds = 0;
        await this.#call("onRestart", this.feed);
    }

    async #catchUp() {
        for (let more = true; more && !this.#isOver;) {
            const { cursor } = this.feed;
            // Responses of a closed story are cacheable for a minute.
            const mustAsk = this.#mustAsk || this.#isClosed || this.feed.story?.status === "closed";
            const cache = mustAsk ? "no-cache" : "default";
            const delta = await this.#wait(this.#path("updates", { ...this.#options.filter, cursor }), { cache });
            if (this.#isOver) return;
            this.#notFounds = 0;
            this.feed.applyDelta(delta);
            if (delta.changes.length) this.#call("onChange", delta.changes, this.feed);
            this.#isClosed = delta.status === "closed";
            this.pollAfter = delta.pollAfter > 0 ? delta.pollAfter : this.#isClosed ? CLOSED_POLL_AFTER : POLL_AFTER;
            more = delta.more;
            if (more && delta.cursor === cursor) throw new Error("stuck");
        }
        this.#mustAsk = false;
    }

    /** Whether to stream now; if so, a slot was taken. */
    #mayStream() {
        const environment = this.#environment;
        const isWanted = !this.#isClosed && environment.isVisible() && environment.isOnline()
            && environment.now() >= this.#streamsFrom;
        if (!isWanted) this.#slots.leave(this.#wakeForSlot);
        return isWanted && this.#slots.take(this.#wakeForSlot);
    }

    /** Streams. Returns if the next round can begin at once; throws if the stream ended otherwise. */
    async #stream() {
        let [failure, stream] = [null, /** @type {PushStream|null} */ (null)];
        this.#isStreaming = true;
        try {
            stream = await this.#openStream();
            this.#current = stream.controller;
            await this.#readStream(stream);
        } catch (error) {
            failure = error;
        } finally {
            this.#current = null;
            this.#isStreaming = false;
            this.#slots.give();
        }
        if (this.#isOver || this.#tookCut() || this.#isClosed) return;
        this.#deadStreams = stream?.hasBytes ? 0 : this.#deadStreams + 1;
        if (this.#deadStreams === DEAD_STREAMS) {
            this.#deadStreams = 0;
            this.#streamsFrom = this.#environment.now() + STREAM_PAUSE;
        }
        if (stream?.hasBytes && this.#environment.now() - stream.opened >= STEADY_STREAM) this.#failures = 0;
        // The next poll will set `#isClosed`.
        if (this.feed.story?.status === "closed") return;
        throw failure ?? new Error("ended");
    }

    /** Opens a stream; it is aborted at once if a cut came while its code was loaded. */
    async #openStream() {
        const opening = (this.#current = new AbortController());
        const stream = await this.#environment.openStream(this.#environment);
        if (opening.signal.aborted) stream.controller.abort();
        return stream;
    }

    /** @param {PushStream} stream */
    async #readStream(stream) {
        const path = this.#path("stream", { ...this.#options.filter, cursor: this.feed.cursor });
        let interval = 0;
        const isStream = await stream.read(this.base + path, {
            onResponse: response => {
                this.#tellDate(serverTime(response));
                interval = Number(response.headers.get("X-Poll-Interval"));
            },
            onBytes: () => this.#say("live"),
            onEvents: events => this.#take(events),
        });
        if (isStream) return;
        // A poll from a cache may be older than this response.
        this.#isClosed = this.#mustAsk = true;
        this.pollAfter = interval || CLOSED_POLL_AFTER;
    }

    // Reports the events of a chunk together.
    /** @param {StreamEvent[]} events */
    #take(events) {
        const changes = [];
        const before = this.#reactionEvents;
        for (const { event = "", data = "", id } of events) {
            if (event === "reactions") {
                this.#reactions = mergedReactions(this.#reactions, JSON.parse(data));
                this.#reactionEvents += 1;
            } else if (["put", "remove", "story", "links"].includes(event)) {
                const change = JSON.parse(data);
                this.feed.apply(change);
                changes.push(change);
            }
            if (id) this.feed.cursor = id;
        }
        if (changes.length) this.#call("onChange", changes, this.feed);
        if (this.#reactions && before !== this.#reactionEvents) this.#call("onReactions", this.#reactions);
    }

    /** Ends the current pause, unless the server asked for it by `Retry-After`. */
    #rouse() {
        if (this.#environment.now() < this.#notBefore) return;
        this.#mustAsk = true;
        this.#pause.wake();
    }

    /** Aborts the request in flight too: its connection may be dead. */
    #cut() {
        if (this.#current) {
            this.#wasCut = true;
            this.#current.abort();
        }
        this.#rouse();
    }

    /** Whether there was a cut; resets the flag. */
    #tookCut() {
        const wasCut = this.#wasCut;
        this.#wasCut = false;
        return wasCut;
    }

    /** @param {number} milliseconds */
    async #sleep(milliseconds) {
        if (!this.#isOver) await this.#pause.wait(milliseconds);
    }

    /** @param {FollowerState} state */
    #say(state) {
        if (state === this.#state || this.#isOver) return;
        this.#state = state;
        this.#call("onState", state);
    }

    /**
     * Calls a listener; what it throws must not stop the feed.
     * @template {"onChange"|"onRestart"|"onReactions"|"onState"|"onDate"} Name
     * @param {Name} name
     * @param {Parameters<Required<FollowerOptions>[Name]>} values
     */
    async #call(name, ...values) {
        try {
            /** @type {Function|undefined} */
            const listener = this.#options[name];
            await listener?.(...values);
        } catch (error) {
            console.error(error);
        }
    }

    async #tellReactions() {
        // Best effort: a failure is ignored until the next poll.
        if (this.#options.onReactions) await this.loadReactions().catch(() => {});
    }

    /** The story's id, once known, because slugs change; while it is gone, the slug or id given. */
    get #story() {
        return (!this.#isGone && this.feed?.story?.id) || this.#options.story;
    }

    /** @param {string} rest @param {Parameters<typeof withQuery>[1]} members */
    #path(rest, members = {}) {
        return withQuery(`/stories/${encodeURIComponent(this.#story)}/${rest}`, members);
    }

    // Reads JSON for a round; `#cut` may abort it.
    /** @param {string} path @param {RequestInit} init */
    async #wait(path, init = {}) {
        const abort = (this.#current = new AbortController());
        try {
            return await this.#read(path, init, abort);
        } finally {
            this.#current = null;
        }
    }

    /** @param {string} path @param {RequestInit} [init] */
    #read(path, init = {}, abort = new AbortController()) {
        return readJSON(this.#environment, this.base + path, init, abort, date => this.#tellDate(date));
    }

    /** @param {number|null} date */
    #tellDate(date) {
        if (date) this.#call("onDate", date);
    }
}
