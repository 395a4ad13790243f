// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Saves a text on the server while it is written, so that it can be continued on another device.
import { Refusal, SignedOut } from "./api.js";

const SAVE_PAUSE = 3000;
// While somebody types without a pause.
const MOST_WAIT = 15_000;
const RETRY_PAUSE = 30_000;
const MOST_SETTLING = 1500;

/**
 * @typedef {{setTimeout(work: () => void, milliseconds: number): any, clearTimeout(timer: any): void,
 *   now(): number}} Clock
 * @typedef {{name: string, content: string, savedAt: string, etag: string}} StoredText What the server has of a text.
 */

const BROWSER_CLOCK = {
    setTimeout: (/** @type {() => void} */ work, /** @type {number} */ pause) => setTimeout(work, pause),
    clearTimeout: (/** @type {any} */ timer) => clearTimeout(timer),
    now: () => Date.now(),
};

/** Saves one text at a time; each has a name, and the entity tag of what the server has of it. */
export class Autosaver {
    #name = "";
    /** @type {string|null} */
    #tag = null;
    /**
     * What the server has.
     * @type {string|null}
     */
    #stored = null;
    /** @type {string|null} */
    #wanted = null;
    /** @type {any} */
    #timer = null;
    #since = 0;
    /** @type {Promise<void>|null} */
    #running = null;
    /** @type {AbortController|null} */
    #request = null;
    #isStopped = false;

    /**
     * @param {{api: Pick<DeskApi, "ask">, path: string, clock?: Clock, onSaved: (at: string) => void,
     *   onTrouble: () => void, onConflict: (theirs: StoredText) => void, onGone: () => void}} options `path`: of the
     *   autosaves of a story. `onConflict`: it was changed on another device, and is not saved again before `start`;
     *   `onGone`: it was published or discarded there.
     */
    constructor({ api, path, clock = BROWSER_CLOCK, onSaved, onTrouble, onConflict, onGone }) {
        this.api = api;
        this.path = path;
        this.clock = clock;
        this.onSaved = onSaved;
        this.onTrouble = onTrouble;
        this.onConflict = onConflict;
        this.onGone = onGone;
    }

    get name() {
        return this.#name;
    }

    /** The entity tag of what the server has, or null. */
    get tag() {
        return this.#tag;
    }

    /** What the server has, or null. */
    get stored() {
        return this.#stored;
    }

    /** Whether the text is saved no more, until the next `start`. */
    get isStopped() {
        return this.#isStopped;
    }

    /**
     * Begins with a text.
     * @param {string} name
     * @param {{etag: string|null, content: string|null}} stored What the server has of it.
     */
    start(name, { etag, content } = { etag: null, content: null }) {
        this.#cancel();
        [this.#name, this.#tag, this.#stored, this.#wanted, this.#isStopped] = [name, etag, content, null, false];
    }

    /** Ends the saving of this text, which is on the server no longer, or not to be replaced there. */
    stop() {
        this.#cancel();
        this.#isStopped = true;
    }

    /**
     * Saves a text soon.
     * @param {string|null} content Null: nothing is left of it.
     */
    change(content) {
        this.#wanted = content;
        if (this.#isStopped || content === this.#stored) return this.#unschedule();
        const now = this.clock.now();
        if (this.#timer === null) this.#since = now;
        else this.clock.clearTimeout(this.#timer);
        this.#schedule(Math.min(SAVE_PAUSE, Math.max(0, this.#since + MOST_WAIT - now)));
    }

    /** Stops saving, and waits a little for a request that is under way: the text is about to be published. */
    async settle() {
        this.#unschedule();
        if (!this.#running) return;
        const request = this.#request;
        const timer = this.clock.setTimeout(() => request?.abort(), MOST_SETTLING);
        await this.#running;
        this.clock.clearTimeout(timer);
        this.#unschedule();
    }

    /** Saves at once what would be saved soon. */
    flush() {
        if (this.#timer === null) return;
        this.#unschedule();
        this.#run();
    }

    #cancel() {
        this.#unschedule();
        this.#request?.abort();
    }

    #unschedule() {
        if (this.#timer !== null) this.clock.clearTimeout(this.#timer);
        this.#timer = null;
    }

    /** @param {number} pause */
    #schedule(pause) {
        this.#timer = this.clock.setTimeout(() => {
            this.#timer = null;
            this.#run();
        }, pause);
    }

    #run() {
        this.#running ??= this.#save().finally(() => {
            this.#running = null;
            this.#again();
        });
    }

    // What was typed while a request was under way.
    #again() {
        if (this.#timer === null && !this.#isStopped && this.#wanted !== null && this.#wanted !== this.#stored) {
            this.#schedule(this.#request ? SAVE_PAUSE : RETRY_PAUSE);
        }
    }

    async #save() {
        const [name, content] = [this.#name, this.#wanted];
        const request = new AbortController();
        this.#request = request;
        try {
            const answer = await this.#send(name, content, request.signal);
            if (this.#name === name && !request.signal.aborted) this.#saved(content, answer);
        } catch (failure) {
            if (this.#name === name && !request.signal.aborted) this.#failed(failure, content);
        }
    }

    /** @param {string} name @param {string|null} content @param {AbortSignal} signal */
    #send(name, content, signal) {
        const path = `${this.path}/${name}`;
        if (content === null) return this.api.ask("DELETE", path, { match: this.#tag, signal });
        const only = this.#tag ? { match: this.#tag } : { noneMatch: "*" };
        return this.api.ask("PUT", path, { json: { content }, signal, ...only });
    }

    /** @param {string|null} content @param {Pick<Answer, "value"|"tag">} answer */
    #saved(content, { value, tag }) {
        [this.#stored, this.#tag] = [content, content === null ? null : tag];
        if (content !== null) this.onSaved(value.savedAt);
    }

    /** @param {Failure} failure @param {string|null} content */
    #failed(failure, content) {
        const { status = 0, current, tag } = failure;
        if (failure instanceof SignedOut) return this.stop();
        if (content === null && [404, 412].includes(status)) return this.#saved(null, { value: null, tag: null });
        const isDone = status === 412 && current?.content === content;
        if (isDone) return this.#saved(content, { value: current, tag: tag ?? null });
        if (status === 412) {
            this.stop();
            if (!current) return this.onGone();
            const { name, savedAt } = current;
            return this.onConflict({ name, savedAt, content: current.content, etag: tag ?? "" });
        }
        // To be tried again, but for what will never be taken.
        if (failure instanceof Refusal && status < 500 && status !== 429) this.stop();
        this.#request = null;
        this.onTrouble();
    }
}
