// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { Feed, mergedReactions } from "./feed.js";
import { backoffPause, gonePause, pollPause } from "./backoff.js";
import { serverTime } from "./events.js";
import { EventStream } from "./event-stream.js";
import { Pause } from "./pause.js";
import { readJSON, withQuery } from "./requests.js";
import { browserEnvironment, slotsOf } from "./environment.js";

// Times are in milliseconds. A stream that lasted this long resets the back-off.
const STEADY_STREAM = 10_000;
// After this many streams in a row without a byte, only polls for a while.
const DEAD_STREAMS = 3, STREAM_PAUSE = 5 * 60_000;
// While the browser reports that it is offline, which may be wrong.
const OFFLINE_PAUSE = 60_000;
// Our own 404 is believed when it has come this often in a row.
const NOT_FOUNDS = 2;
// In seconds, if an answer names no interval. Older servers send 0 for a closed story.
const POLL_AFTER = 10;
const CLOSED_POLL_AFTER = 300;

/**
 * Keeps a feed up to date: by a stream while somebody looks, else by polls; through cuts, sleep, and restored
 * databases. It catches up by polls before each stream, always goes on from the feed's cursor, and so misses nothing.
 * It never ends by itself: a closed story is polled slowly, one that is gone is looked for, and both at once when the
 * reader comes back to the page; whatever comes of them, reopened or published again, is followed on. All followers of
 * a page share three streams to an origin; the others poll until one is free. Options: `FollowerOptions`, client.d.ts.
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
    // The request that the follower waits for.
    /** @type {AbortController|null} */
    #current = null;
    #isStreaming = false;
    /** It was ended by ourselves, to go on otherwise at once. */
    #wasCut = false;
    #pause;
    #mustStart;
    /** @type {string|null} */
    #snapshotPath = null;
    /** In this round. */
    #hasPolled = false;
    #failures = 0;
    #deadStreams = 0;
    #streamsFrom = 0;
    /** Until when the server wants to be left alone. */
    #notBefore = 0;
    #isClosed = false;
    /** How often the server has said that there is no such story, since it was found last. */
    #notFounds = 0;
    /** The next poll is to be answered by the server, not by the browser's cache. */
    #mustAsk = false;
    /** @type {import("./client.js").StreamSemaphore} */
    #slots;
    #wakeForSlot = () => this.#rouse();
    // All counts of reactions, as far as they are known, and how many events of them came by stream.
    /** @type {Reactions|null} */
    #reactions = null;
    #reactionEvents = 0;

    /** @param {FollowerOptions} options */
    constructor(options) {
        this.#options = options;
        this.#environment = { ...browserEnvironment, ...options.environment };
        this.base = (options.base ?? "").replace(/\/+$/, "");
        // Null before the first snapshot: until then nothing is done but to read that.
        this.feed = (
            /** @type {import("./client.js").Feed} */
            (options.feed ?? null)
        );
        this.#mustStart = !options.feed;
        this.#slots = slotsOf(this.base, this.#environment);
        this.#pause = new Pause(this.#environment);
        /** Seconds between polls, as the server said last. */
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
        // A page that comes back from the browser's cache has dead connections.
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

    /** Reads the next page into the feed. False: there is none, or the feed has begun again meanwhile. */
    async loadOlder() {
        const address = this.feed?.older;
        return address ? this.feed.addPage(await this.#read(address), address) : false;
    }

    /** Reads the counts of reactions, and tells them. */
    async loadReactions() {
        const before = this.#reactionEvents;
        const counts = await this.#read(this.#path("reactions"));
        // What the stream has told meanwhile is younger.
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

    /** Until something else is to be done: starts if need be, catches up, then streams or waits. */
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
            // Else the tab was hidden meanwhile, or the story is closed: it was up to date a moment ago.
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
            // The first time at once; where that did not help, a cache on the way has to forget first.
            if (this.#failures === 1) return;
        }
        this.#say(this.#environment.isOnline() ? "reconnecting" : "offline");
        const backoff = backoffPause(this.#failures, this.#environment.random());
        // Where streams alone fail, nobody is to wait longer than by polls.
        const pause = this.#hasPolled ? Math.min(backoff, this.#pollPause()) : backoff;
        await this.#sleep(Math.max(pause, wish && wish + pause / 10));
    }

    get #isGone() {
        return this.#notFounds >= NOT_FOUNDS;
    }

    /** It may come back: begun anew, for much may have happened by then. */
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
        const { filter, limit, links } = this.#options;
        const path = this.#snapshotPath?.split("?")[0] ?? this.#path("updates");
        const address = withQuery(path, { ...filter, limit });
        // What led here was not the newest: caches are to ask.
        const snapshot = await this.#wait(address, { cache: this.feed || this.#mustAsk ? "no-cache" : "default" });
        if (links) snapshot.links = await this.#wait(this.#path("links", { cursor: snapshot.cursor }));
        if (this.#isOver) return;
        if (this.feed) this.feed.start(snapshot);
        else this.feed = new Feed(snapshot);
        this.#mustStart = false;
        this.#notFounds = 0;
        await this.#call("onRestart", this.feed);
    }

    async #catchUp() {
        for (let more = true; more && !this.#isOver;) {
            const { cursor } = this.feed;
            // Caches may keep what they have of a closed story for a minute.
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

    /** Whether to stream now; then there is a slot to give back. */
    #mayStream() {
        const environment = this.#environment;
        const isWanted = !this.#isClosed && environment.isVisible() && environment.isOnline()
            && environment.now() >= this.#streamsFrom;
        if (!isWanted) this.#slots.leave(this.#wakeForSlot);
        return isWanted && this.#slots.take(this.#wakeForSlot);
    }

    /** Returns where there is something else to do at once, and throws where the stream has ended otherwise. */
    async #stream() {
        let failure = null;
        const stream = new EventStream(this.#environment);
        this.#isStreaming = true;
        this.#current = stream.controller;
        try {
            await this.#readStream(stream);
        } catch (error) {
            failure = error;
        } finally {
            this.#current = null;
            this.#isStreaming = false;
            this.#slots.give();
        }
        if (this.#isOver || this.#tookCut() || this.#isClosed) return;
        this.#deadStreams = stream.hasBytes ? 0 : this.#deadStreams + 1;
        if (this.#deadStreams === DEAD_STREAMS) {
            this.#deadStreams = 0;
            this.#streamsFrom = this.#environment.now() + STREAM_PAUSE;
        }
        if (stream.hasBytes && this.#environment.now() - stream.opened >= STEADY_STREAM) this.#failures = 0;
        // The next poll will say so.
        if (this.feed.story?.status === "closed") return;
        throw failure ?? new Error("ended");
    }

    /** @param {EventStream} stream */
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
        // A poll that came by a cache may be older than this word.
        this.#isClosed = this.#mustAsk = true;
        this.pollAfter = interval || CLOSED_POLL_AFTER;
    }

    // What came together is told together.
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

    /** Has the present pause end, unless the server has asked for it. */
    #rouse() {
        if (this.#environment.now() < this.#notBefore) return;
        this.#mustAsk = true;
        this.#pause.wake();
    }

    /** Has the present request end too: its connection may be dead. */
    #cut() {
        if (this.#current) {
            this.#wasCut = true;
            this.#current.abort();
        }
        this.#rouse();
    }

    /** Whether there was a cut; it is dealt with now. */
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
     * What a listener throws must not stop the feed.
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
        // They are no part of the feed: whether this works is of no matter, the next ones will come.
        if (this.#options.onReactions) await this.loadReactions().catch(() => {});
    }

    /** Its id, once known, for slugs change; while it is gone, the name that it was asked for by. */
    get #story() {
        return (!this.#isGone && this.feed?.story?.id) || this.#options.story;
    }

    /** @param {string} rest @param {Parameters<typeof withQuery>[1]} members */
    #path(rest, members = {}) {
        return withQuery(`/stories/${encodeURIComponent(this.#story)}/${rest}`, members);
    }

    // Reads JSON for a round, which `#cut` may end.
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

/**
 * Follows a story from now on; see `Follower`.
 * @param {FollowerOptions} options
 */
export function follow(options) {
    return new Follower(options).start();
}
