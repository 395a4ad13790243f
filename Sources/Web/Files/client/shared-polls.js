// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { contentType, requireSuccess } from "./events.js";
import { backoffPause } from "./backoff.js";
import { Pause } from "./pause.js";

// All in milliseconds.
// The server holds a poll for 25 s at most; a cache in front may add to that.
const HOLD_TIMEOUT = 40_000;
/** Least time between two polls, also of a story that changes all the time. */
const LEAST_INTERVAL = 1_000;
/** Seconds; the server rounds all values to this one, so that all readers have one address. */
const WAIT = "20";
/** This many answers with an old tick are taken for chance. */
const MOST_STALE = 3;

/**
 * Long polls whose answers HTTP caches share among readers (`?cursor=&wait=20&tick=`), behind the interface of an
 * `EventStream`. The address of each poll follows from the answer before it. Caches that do not do as they should
 * could make a loop of that, so an answer is only used if it follows the cursor asked with and has a higher tick.
 */
export class SharedPolls {
    #environment;
    #memory;
    #pause;
    #cursor = "";
    /** Answers in a row that were not used, and how many of them were merely stale. */
    #misfits = 0;
    #stale = 0;
    /** When the last poll began. */
    #last;
    /** Whether anything of use was received. */
    hasBytes = false;

    /**
     * `memory` outlives the polls: the last tick, and whether an address that no cache has was tried since the last
     * answer of use to a usual one.
     * @param {Environment} environment
     * @param {{ tick: number, wasBusted: boolean }} memory
     * @param {() => void} onAnswer
     */
    constructor(environment, memory, onAnswer) {
        this.#environment = environment;
        this.#memory = memory;
        this.#pause = new Pause(environment);
        this.onAnswer = onAnswer;
        this.opened = this.#last = environment.now();
        this.controller = new AbortController();
        this.controller.signal.addEventListener("abort", () => this.#pause.wake());
    }

    /**
     * Polls until `controller` is aborted, a poll fails, or the story is closed, and then returns false. `address` is
     * that of the stream from the same cursor; the handlers are those of `EventStream`.
     * @param {string} address
     * @param {{
     *   onResponse: (response: Response) => void, onBytes: () => void, onEvents: (events: StreamEvent[]) => void,
     * }} handlers
     */
    async read(address, { onResponse, onBytes, onEvents }) {
        const [path, query] = address.split("?");
        const asked = new URLSearchParams(query);
        this.#cursor = asked.get("cursor") ?? "";
        // The follower has caught up: the server can be reached.
        onBytes();
        for (;;) {
            await this.#wait();
            if (this.controller.signal.aborted) return true;
            const delta = await this.#ask(path.replace(/stream$/, "updates"), asked, onResponse);
            if (!this.#fits(delta)) continue;
            this.hasBytes = true;
            onEvents(eventsOf(delta));
            this.onAnswer();
            if (delta.status === "closed" && !delta.more) return false;
        }
    }

    /** Polls are a second apart at least; after an answer of no use, longer each time, with jitter. */
    async #wait() {
        const { now, random } = this.#environment;
        const pause = this.#misfits ? backoffPause(this.#misfits, random()) : LEAST_INTERVAL;
        const rest = this.#last + pause - now();
        if (rest > 0) await this.#pause.wait(Math.min(rest, pause));
        this.#last = now();
    }

    /**
     * @param {string} path
     * @param {URLSearchParams} asked
     * @param {(response: Response) => void} onResponse
     * @returns {Promise<SharedDelta>}
     */
    async #ask(path, asked, onResponse) {
        const { controller: { signal } } = this;
        const environment = this.#environment;
        const address = `${path}?${this.#query(asked)}`;
        const cache = this.#misfits ? "no-cache" : "default";
        const timer = environment.setTimeout(() => this.controller.abort(), HOLD_TIMEOUT);
        try {
            const response = await environment.fetch(address, { cache, signal });
            await requireSuccess(response);
            if (!/^application\/json\b/.test(contentType(response))) throw new Error("not a delta");
            onResponse(response);
            return await response.json();
        } finally {
            environment.clearTimeout(timer);
        }
    }

    /**
     * The parameters in the one order that all clients have them in.
     * @param {URLSearchParams} asked
     */
    #query(asked) {
        const query = new URLSearchParams();
        for (const name of ["only", "tag"]) if (asked.get(name)) query.set(name, asked.get(name) ?? "");
        query.set("cursor", this.#cursor);
        query.set("wait", WAIT);
        query.set("tick", String(this.#memory.tick));
        if (this.#isBusting) {
            this.#memory.wasBusted = true;
            query.set("_", this.#environment.random().toString(36).slice(2));
        }
        return query;
    }

    /** Whether the next address is to be one that no cache has. */
    get #isBusting() {
        return this.#misfits > this.#stale || this.#stale > MOST_STALE;
    }

    /**
     * Whether an answer is the next one. Throws once an address that no cache has was tried in vain; that counts as a
     * dead stream.
     * @param {SharedDelta} delta
     */
    #fits({ after, cursor, tick }) {
        const { tick: held } = this.#memory;
        if (after === this.#cursor && tick > held) {
            if (!this.#isBusting) this.#memory.wasBusted = false;
            this.#misfits = this.#stale = 0;
            [this.#cursor, this.#memory.tick] = [cursor, tick];
            return true;
        }
        if (this.#memory.wasBusted) {
            this.hasBytes = false;
            throw new Error("no answer to a shared poll");
        }
        this.#misfits += 1;
        // An older answer to the same cursor; but neither one to another cursor, nor one that moves nothing.
        if (after === this.#cursor && tick < held) this.#stale += 1;
        return false;
    }
}

/**
 * The events that a stream has for the changes of a delta.
 * @param {SharedDelta} delta
 * @returns {StreamEvent[]}
 */
function eventsOf({ changes, cursor }) {
    return [...changes.map(change => ({ event: change.op, data: JSON.stringify(change) })), { id: cursor }];
}
