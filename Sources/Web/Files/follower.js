import { EventParser, mustBeGood } from "./events.js";
import { Feed, mergedReactions } from "./feed.js";

// All in milliseconds.
const REQUEST_TIMEOUT = 20_000;
// The server sends some at once; else something on the way holds streams back.
const FIRST_BYTE_TIMEOUT = 10_000;
// The server breaks each silence of 15 s by a comment.
const SILENCE_TIMEOUT = 40_000;
// So often it is looked at: often enough to be noticed soon after the machine has slept.
const WATCH_INTERVAL = 5_000;
// A stream that lasted so long was a good one, and back-off begins anew.
const STEADY_STREAM = 10_000;
// So many in a row without a byte, and there are only polls for a time:
const DEAD_STREAMS = 3;
const STREAM_PAUSE = 5 * 60_000;
const LEAST_BACKOFF = 1_000;
const MOST_BACKOFF = 60_000;
// Between the polls of a tab that nobody sees, at least.
const HIDDEN_PAUSE = 30_000;
// Where the browser says that it is offline, which need not be so.
const OFFLINE_PAUSE = 60_000;

/** The browser, as far as a follower knows it; elsewhere everything is always visible and online. */
const browserWorld = {
    fetch: (...request) => globalThis.fetch(...request),
    now: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (...timer) => globalThis.setTimeout(...timer),
    clearTimeout: timer => globalThis.clearTimeout(timer),
    isVisible: () => globalThis.document?.visibilityState !== "hidden",
    isOnline: () => globalThis.navigator?.onLine !== false,
    listen(name, handle, signal) {
        const target = name === "visibilitychange" ? globalThis.document : globalThis;
        target?.addEventListener?.(name, handle, { signal });
    },
};

/**
 * Keeps a feed up to date: by a stream while somebody looks, else by polls; through cuts, sleep, and restored
 * databases. It catches up by polls before each stream, always goes on from the feed's cursor, and so misses nothing.
 *
 * Options: `base` (such as "https://live.example.org"; none: this origin), `story` (slug or id), `feed` (none: from a
 * snapshot), `filter` ({only, tag}), `limit` (updates a page), `links` (true: snapshots come with links), `world`
 * (for tests), and functions, all of which may be missing:
 * - `onChange(changes, feed)`: these have been applied.
 * - `onRestart(feed)`: forget everything, the feed has begun again; it is waited for.
 * - `onReactions({story: {kind: count}, updates: {id: {kind: count}}})`: all counts.
 * - `onState(state)`: "live" (by stream), "polling", "reconnecting", "offline", "closed" and "gone" (the last two are
 *   the end).
 */
export class Follower {
    #options;
    #world;
    #isOver = false;
    #state = null;
    #closing = new AbortController();
    /** The request that the follower waits for. */
    #current = null;
    #isStreaming = false;
    /** It was ended by ourselves, to go on otherwise at once. */
    #wasCut = false;
    /** Ends the present pause. */
    #wake = () => {};
    #mustStart;
    #snapshotPath = null;
    /** In this round. */
    #hasPolled = false;
    #failures = 0;
    #deadStreams = 0;
    #streamsFrom = 0;
    /** Until when the server wants to be left alone. */
    #notBefore = 0;
    /** All counts of reactions, as far as they are known, and how many events of them came by stream. */
    #reactions = null;
    #reactionEvents = 0;

    constructor(options) {
        this.#options = options;
        this.#world = { ...browserWorld, ...options.world };
        this.base = (options.base ?? "").replace(/\/+$/, "");
        this.feed = options.feed ?? null;
        this.#mustStart = !options.feed;
        /** Seconds between polls, as the server said last; 0: closed. */
        this.pollAfter = 10;
    }

    start() {
        const on = (name, handle) => this.#world.listen(name, handle, this.#closing.signal);
        on("visibilitychange", () => {
            if (this.#world.isVisible()) this.#rouse();
            else if (this.#isStreaming) this.#cut();
        });
        on("online", () => this.#cut());
        on("offline", () => this.#cut());
        // A page that comes back from the browser's cache has dead connections.
        on("pageshow", event => (event?.persisted ? this.#cut() : this.#rouse()));
        this.#run();
        return this;
    }

    /** Stops everything. */
    close() {
        this.#isOver = true;
        this.#closing.abort();
        this.#current?.abort();
        this.#wake();
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

    // --- rounds ---

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
        if (!this.#world.isOnline()) {
            this.#say("offline");
            await this.#pause(OFFLINE_PAUSE);
        }
        this.#hasPolled = false;
        if (this.#mustStart) await this.#begin();
        await this.#catchUp();
        this.#hasPolled = true;
        if (this.#isOver) return;
        if (this.pollAfter === 0) {
            await this.#tellReactions();
            return this.#end("closed");
        }
        if (this.#mayStream()) {
            await this.#stream();
            // Not so if the tab was hidden meanwhile: then it was up to date a moment ago.
            if (this.#isOver || this.#world.isVisible()) return;
        } else if (this.#world.isVisible()) this.#tellReactions();
        this.#failures = 0;
        this.#say("polling");
        await this.#pause(this.#pollPause());
    }

    async #recover(error) {
        if (this.#isOver || this.#tookCut()) return;
        if (error.status === 404) return this.#end("gone");
        this.#failures += 1;
        if (error.status === 410 || (error.status === 400 && !this.#mustStart)) {
            this.#mustStart = true;
            this.#snapshotPath = error.problem?.snapshot;
            // The first time at once; where that did not help, a cache on the way has to forget first.
            if (this.#failures === 1) return;
        }
        this.#say(this.#world.isOnline() ? "reconnecting" : "offline");
        const wish = (error.retryAfter ?? 0) * 1000;
        this.#notBefore = this.#world.now() + wish;
        // Where streams alone fail, nobody is to wait longer than by polls.
        const pause = this.#hasPolled ? Math.min(this.#backoff(), this.#pollPause()) : this.#backoff();
        await this.#pause(Math.max(pause, wish && wish + pause / 10));
    }

    /** Exponential, with full jitter: those whom a restart cuts off together come back apart. */
    #backoff() {
        const most = Math.min(MOST_BACKOFF, LEAST_BACKOFF * 2 ** this.#failures);
        return LEAST_BACKOFF + this.#world.random() * (most - LEAST_BACKOFF);
    }

    #pollPause() {
        const [pause, chance] = [this.pollAfter * 1000, this.#world.random()];
        if (this.#world.isVisible()) return pause * (0.9 + 0.2 * chance);
        return Math.max(3 * pause, HIDDEN_PAUSE) * (1 + 0.1 * chance);
    }

    async #begin() {
        const { filter, limit, links } = this.#options;
        const address = this.#path("updates", { ...filter, limit }, this.#snapshotPath?.split("?")[0]);
        // What led here was not the newest: caches are to ask.
        const snapshot = await this.#wait(address, { cache: this.feed ? "no-cache" : "default" });
        if (links) snapshot.links = await this.#wait(this.#path("links", { cursor: snapshot.cursor }));
        if (this.#isOver) return;
        if (this.feed) this.feed.start(snapshot);
        else this.feed = new Feed(snapshot);
        this.#mustStart = false;
        await this.#call("onRestart", this.feed);
    }

    async #catchUp() {
        for (let more = true; more && !this.#isOver;) {
            const cursor = this.feed.cursor;
            const delta = await this.#wait(this.#path("updates", { ...this.#options.filter, cursor }));
            if (this.#isOver) return;
            this.feed.applyDelta(delta);
            if (delta.changes.length) this.#call("onChange", delta.changes, this.feed);
            this.pollAfter = delta.pollAfter >= 0 ? delta.pollAfter : 10;
            more = delta.more;
            if (more && delta.cursor === cursor) throw new Error("stuck");
        }
    }

    // --- the stream ---

    #mayStream() {
        return this.#world.isVisible() && this.#world.isOnline() && this.#world.now() >= this.#streamsFrom;
    }

    /** Returns where there is something else to do at once, and throws where the stream has ended otherwise. */
    async #stream() {
        const opened = this.#world.now();
        let failure = null;
        this.#isStreaming = true;
        const stream = { hasBytes: false, last: opened, abort: (this.#current = new AbortController()) };
        const stopWatch = this.#watch(stream);
        try {
            await this.#readStream(stream);
        } catch (error) {
            failure = error;
        } finally {
            stopWatch();
            stream.abort.abort();
            this.#current = null;
            this.#isStreaming = false;
        }
        if (this.#isOver || this.#tookCut()) return;
        this.#deadStreams = stream.hasBytes ? 0 : this.#deadStreams + 1;
        if (this.#deadStreams === DEAD_STREAMS) {
            this.#deadStreams = 0;
            this.#streamsFrom = this.#world.now() + STREAM_PAUSE;
        }
        if (stream.hasBytes && this.#world.now() - opened >= STEADY_STREAM) this.#failures = 0;
        // The next poll will say so.
        if (this.feed.story?.status === "closed") return;
        throw failure ?? new Error("ended");
    }

    async #readStream(stream) {
        const path = this.#path("stream", { ...this.#options.filter, cursor: this.feed.cursor });
        const init = { headers: { Accept: "text/event-stream" }, cache: "no-store", signal: stream.abort.signal };
        const response = await this.#world.fetch(this.base + path, init);
        if (response.status === 204) return this.#end("closed");
        await mustBeGood(response);
        if (!/^text\/event-stream\b/.test(response.headers.get("Content-Type"))) throw new Error("not a stream");
        const [reader, decoder, parser] = [response.body.getReader(), new TextDecoder(), new EventParser()];
        for (;;) {
            const { done, value } = await reader.read();
            if (done || this.#isOver || this.#wasCut) return;
            stream.last = this.#world.now();
            if (!stream.hasBytes) {
                stream.hasBytes = true;
                this.#say("live");
            }
            this.#take(parser.take(decoder.decode(value, { stream: true })));
        }
    }

    /** What came together is told together. */
    #take(events) {
        const changes = [];
        const before = this.#reactionEvents;
        for (const { event, data, id } of events) {
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
        if (before !== this.#reactionEvents) this.#call("onReactions", this.#reactions);
    }

    /** Ends a stream that has been silent for too long by the clock on the wall, which goes on while machines sleep. */
    #watch(stream) {
        let timer;
        const look = () => {
            const now = this.#world.now();
            // The clock was put back.
            if (now < stream.last) stream.last = now;
            const rest = stream.last + (stream.hasBytes ? SILENCE_TIMEOUT : FIRST_BYTE_TIMEOUT) - now;
            if (rest <= 0) stream.abort.abort();
            else timer = this.#world.setTimeout(look, Math.min(rest, WATCH_INTERVAL));
        };
        look();
        return () => this.#world.clearTimeout(timer);
    }

    // --- what the world does ---

    /** Has the present pause end, unless the server has asked for it. */
    #rouse() {
        if (this.#world.now() >= this.#notBefore) this.#wake();
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

    #pause(milliseconds) {
        return new Promise(resolve => {
            const done = () => {
                this.#world.clearTimeout(timer);
                this.#wake = () => {};
                resolve();
            };
            const timer = this.#world.setTimeout(done, milliseconds);
            this.#wake = done;
            if (this.#isOver) done();
        });
    }

    #end(state) {
        this.#say(state);
        this.close();
    }

    // --- telling and asking ---

    #say(state) {
        if (state === this.#state || this.#isOver) return;
        this.#state = state;
        this.#call("onState", state);
    }

    /** What a listener throws must not stop the feed. */
    async #call(name, ...values) {
        try {
            await this.#options[name]?.(...values);
        } catch (error) {
            console.error(error);
        }
    }

    async #tellReactions() {
        // They are no part of the feed: whether this works is of no matter, the next ones will come.
        if (this.#options.onReactions) await this.loadReactions().catch(() => {});
    }

    #path(rest, members = {}, path = `/stories/${encodeURIComponent(this.#options.story)}/${rest}`) {
        const query = new URLSearchParams(Object.entries(members).filter(([, value]) => value));
        return String(query) ? `${path}?${query}` : path;
    }

    /** Reads JSON for a round, which `#cut` may end. */
    async #wait(path, init) {
        const abort = (this.#current = new AbortController());
        try {
            return await this.#read(path, init, abort);
        } finally {
            this.#current = null;
        }
    }

    async #read(path, init = {}, abort = new AbortController()) {
        const timer = this.#world.setTimeout(() => abort.abort(), REQUEST_TIMEOUT);
        try {
            const response = await this.#world.fetch(this.base + path, { ...init, signal: abort.signal });
            return await (await mustBeGood(response)).json();
        } finally {
            this.#world.clearTimeout(timer);
        }
    }
}

/** Follows a story from now on; see `Follower`. */
export function follow(options) {
    return new Follower(options).start();
}
