// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** The problem type of a 404 for a missing story. */
const NOT_FOUND = "/problems/not-found";

/** An error response; `problem` is its body if that is an RFC 9457 problem, else null. */
export class Refusal extends Error {
    /** @param {Response} response @param {Partial<Problem>|null} problem */
    constructor(response, problem) {
        super(`${response.status} for ${response.url}`);
        this.status = response.status;
        this.problem = problem;
        /** Whether the 404 is the server's own, and not a proxy's. */
        this.isNotFound = this.status === 404 && problem?.type === NOT_FOUND;
        /** Seconds to wait before a retry. */
        this.retryAfter = [429, 503].includes(this.status) ? Number(response.headers.get("Retry-After")) || 0 : 0;
    }
}

/**
 * The server's time in milliseconds: the `Date` of a response plus its `Age` in caches; null if unknown.
 * @param {{ headers: Headers }} options
 */
export function serverTime({ headers }) {
    return Date.parse(headers.get("Date") ?? "") + 1000 * (Number(headers.get("Age")) || 0) || null;
}

/**
 * Returns the response if it is a success, else throws a `Refusal`.
 * @param {Response} response
 */
export async function requireSuccess(response) {
    if (response.ok) return response;
    const isProblem = /^application\/problem\+json\b/i.test(contentType(response));
    throw new Refusal(response, isProblem ? await response.json().catch(() => null) : null);
}

/** @param {Response} response */
export function contentType({ headers }) {
    return headers.get("Content-Type") ?? "";
}
