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

/** An incremental parser of server-sent events (HTML Living Standard §9.2). */
export class EventParser {
    #rest = "";
    /** @type {StreamEvent} */
    #block = {};

    /**
     * Returns the blocks completed by a chunk: `{event, data, id}`, as far as given. Comments are skipped.
     * @param {string} text
     */
    take(text) {
        // A final CR may be the first half of a CRLF.
        const lines = (this.#rest + text).split(/\r\n|\n|\r(?!$)/);
        this.#rest = lines.pop() ?? "";
        const blocks = [];
        for (const line of lines) {
            if (line) this.#addLine(line);
            else {
                if (Object.keys(this.#block).length) blocks.push(this.#block);
                this.#block = {};
            }
        }
        return blocks;
    }

    /** @param {string} line */
    #addLine(line) {
        const colon = (line + ":").indexOf(":");
        const [name, value] = [line.slice(0, colon), line.slice(colon + 1).replace(/^ /, "")];
        if (name === "data" && "data" in this.#block) this.#block.data += `\n${value}`;
        else if (name === "event" || name === "data" || name === "id") this.#block[name] = value;
    }
}
