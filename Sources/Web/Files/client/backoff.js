// SPDX-License-Identifier: Apache-2.0
// @ts-check
// All in milliseconds.
const LEAST_BACKOFF = 1_000;
const MOST_BACKOFF = 60_000;
// Between polls for a story that is gone, which may be published again.
const LEAST_GONE_PAUSE = 10_000;
const MOST_GONE_PAUSE = 3 * 60_000;
// At least, between polls of a hidden tab.
const HIDDEN_PAUSE = 30_000;

/**
 * Exponential back-off with full jitter, so that clients do not reconnect all at once. `chance` is from 0 to 1.
 * @param {number} failures
 * @param {number} chance
 */
export function backoffPause(failures, chance) {
    const most = doubled(LEAST_BACKOFF, failures, MOST_BACKOFF);
    return LEAST_BACKOFF + chance * (most - LEAST_BACKOFF);
}

/**
 * The pause between polls for a story that is gone, after so many polls.
 * @param {number} looks
 */
export function gonePause(looks) {
    return doubled(LEAST_GONE_PAUSE, looks, MOST_GONE_PAUSE);
}

/**
 * The pause between polls: the server's interval with jitter, longer while hidden.
 * @param {number} pause
 * @param {boolean} isVisible
 * @param {number} chance
 */
export function pollPause(pause, isVisible, chance) {
    if (isVisible) return pause * (0.9 + 0.2 * chance);
    return Math.max(3 * pause, HIDDEN_PAUSE) * (1 + 0.1 * chance);
}

/**
 * A pause that doubles each time, up to a limit.
 * @param {number} first
 * @param {number} times
 * @param {number} most
 */
export const doubled = (first, times, most) => Math.min(most, first * 2 ** times);
