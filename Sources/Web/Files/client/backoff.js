// SPDX-License-Identifier: Apache-2.0
// @ts-check
// All in milliseconds.
const LEAST_BACKOFF = 1_000;
const MOST_BACKOFF = 60_000;
// Between looks for a story that is gone: a draft may soon be published again.
const LEAST_GONE_PAUSE = 10_000;
const MOST_GONE_PAUSE = 3 * 60_000;
// Between the polls of a tab that nobody sees, at least.
const HIDDEN_PAUSE = 30_000;

/**
 * Exponential, with full jitter: those whom a restart cuts off together come back apart. `chance` is from 0 to 1.
 * @param {number} failures
 * @param {number} chance
 */
export function backoffPause(failures, chance) {
    const most = doubled(LEAST_BACKOFF, failures, MOST_BACKOFF);
    return LEAST_BACKOFF + chance * (most - LEAST_BACKOFF);
}

/**
 * Between looks for a story that is gone, after so many looks.
 * @param {number} looks
 */
export function gonePause(looks) {
    return doubled(LEAST_GONE_PAUSE, looks, MOST_GONE_PAUSE);
}

/**
 * Between polls: as the server says, a little more or less, and seldom where nobody looks.
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
