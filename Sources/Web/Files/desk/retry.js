// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What has no answer is sent again, until there is one.
import { doubled } from "../client/backoff.js";
import { Pause } from "../client/pause.js";
import { Refusal, Unreached } from "./api.js";

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
const PASSING = [408, 425, 429, 502, 503, 504, 507];
// These speak of the request, not of the moment.
const LASTING_CONFLICTS = ["slug-taken", "not-published"];

/** The editor does not want to wait for the answer any longer. */
export class Stopped extends Error {}

/**
 * Whether the same request may succeed a little later.
 * @param {Failure} failure
 * @returns {boolean}
 */
export function isTransient(failure) {
    if (failure instanceof Unreached) return true;
    if (!(failure instanceof Refusal)) return false;
    const isOfTheMoment = failure.status === 409 && !LASTING_CONFLICTS.includes(failure.kind ?? "");
    return isOfTheMoment || PASSING.includes(failure.status);
}

/**
 * How long to wait before the next attempt: twice as long each time, with a random part, so that not all come at once.
 * @param {number} attempt From 1.
 * @param {number|null} retryAfter Seconds that the server asked for.
 * @param {() => number} random From 0 to 1.
 * @returns {number} Milliseconds.
 */
export function pauseBefore(attempt, retryAfter = null, random = Math.random) {
    const longest = doubled(FIRST_PAUSE, attempt - 1, LONGEST_PAUSE);
    return Math.max(longest * (0.5 + random() / 2), (retryAfter ?? 0) * 1000);
}

/** A pause that can be cut short. */
export class RetryPause {
    #pause = new Pause(globalThis);
    #stop = new AbortController();

    /** Aborted by `stop`, for a request that is under way. */
    get signal() {
        return this.#stop.signal;
    }

    /**
     * @param {number} milliseconds
     * @throws {Stopped} After `stop`.
     */
    async wait(milliseconds) {
        if (!this.signal.aborted) await this.#pause.wait(milliseconds);
        this.signal.throwIfAborted();
    }

    /** Tries again at once. */
    poke() {
        this.#pause.wake();
    }

    /** Gives up. */
    stop() {
        this.#stop.abort(new Stopped("no further attempt is made"));
        this.poke();
    }
}

/**
 * Does something until it is answered.
 * @template T
 * @param {() => Promise<T>} action Must be safe to do twice.
 * @param {{patience: {wait: (milliseconds: number) => Promise<void>}, onTrouble: (failure: Failure) => void,
 *   random?: () => number}} options `onTrouble` is called before each pause.
 * @returns {Promise<T>}
 * @throws What does not pass, and `Stopped`.
 */
export async function persist(action, { patience, onTrouble, random = Math.random }) {
    for (let attempt = 1; ; attempt += 1) {
        try {
            return await action();
        } catch (failure) {
            if (!isTransient(failure)) throw failure;
            onTrouble(failure);
            await patience.wait(pauseBefore(attempt, failure.retryAfter, random));
        }
    }
}

/**
 * Why there was no success, for a person.
 * @param {Failure} failure One that passes.
 * @param {string} state What is not yet so.
 * @returns {string}
 */
export function troubleText(failure, state = "Not yet saved") {
    const reason = failure instanceof Unreached ? "no answer from the server" : failure.message;
    return `${state}: trying again (${reason}).`;
}
