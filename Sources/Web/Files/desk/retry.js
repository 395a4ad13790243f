// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Retries with exponential back-off.
import { doubled } from "../client/backoff.js";
import { Pause } from "../client/pause.js";
import { Refusal, Unreached } from "./api.js";
import { phrase } from "./phrases.js";

const FIRST_PAUSE = 1000;
const LONGEST_PAUSE = 30_000;
const PASSING = [408, 425, 429, 502, 503, 504, 507];
// 409 problems that a retry cannot resolve.
const LASTING_CONFLICTS = ["slug-taken", "not-published"];

/** The editor cancelled the retries. */
export class Stopped extends Error {}

/**
 * Returns whether the same request may succeed later.
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
 * Returns the pause before the next attempt: exponential back-off with jitter, at least `retryAfter`.
 * @param {number} attempt From 1.
 * @param {number|null} retryAfter Seconds that the server asked for.
 * @param {() => number} random From 0 to 1.
 * @returns {number} Milliseconds.
 */
export function pauseBefore(attempt, retryAfter = null, random = Math.random) {
    const longest = doubled(FIRST_PAUSE, attempt - 1, LONGEST_PAUSE);
    return Math.max(longest * (0.5 + random() / 2), (retryAfter ?? 0) * 1000);
}

/** A pause between retries that can be cut short or cancelled. */
export class RetryPause {
    #pause = new Pause(globalThis);
    #stop = new AbortController();

    /** Aborted by `stop`, for a request in flight. */
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

    /** Ends the pause: retries at once. */
    poke() {
        this.#pause.wake();
    }

    /** Cancels the retries. */
    stop() {
        this.#stop.abort(new Stopped(phrase("noFurtherAttempt")));
        this.poke();
    }
}

/**
 * Retries an action until it succeeds or fails permanently.
 * @template T
 * @param {() => Promise<T>} action Must be idempotent.
 * @param {{patience: {wait: (milliseconds: number) => Promise<void>}, onTrouble: (failure: Failure) => void,
 *   random?: () => number}} options `onTrouble` is called before each pause.
 * @returns {Promise<T>}
 * @throws Failures that are not transient, and `Stopped`.
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
 * Describes a transient failure to the user.
 * @param {Failure} failure
 * @param {string} state What has not been achieved yet.
 * @returns {string}
 */
export function troubleText(failure, state = phrase("notYetSaved")) {
    const reason = failure instanceof Unreached ? phrase("noAnswer") : failure.message;
    return phrase("tryingAgain", { state, reason });
}
