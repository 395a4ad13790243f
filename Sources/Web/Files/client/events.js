// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** Of a problem that says that there is no such story. */
const NOT_FOUND = "/problems/not-found";

/** An answer that is not a success; `problem` is its body where that is one of ours (RFC 9457), else null. */
export class Refusal extends Error {
    /** @param {Response} response @param {Partial<Problem>|null} problem */
    constructor(response, problem) {
        super(`${response.status} for ${response.url}`);
        this.status = response.status;
        this.problem = problem;
        /** Whether the server itself says so; a proxy without its server has other 404s. */
        this.isNotFound = this.status === 404 && problem?.type === NOT_FOUND;
        /** Seconds that the server wants to be left alone. */
        this.retryAfter = [429, 503].includes(this.status) ? Number(response.headers.get("Retry-After")) || 0 : 0;
    }
}

/**
 * The time of the server's clock, in milliseconds: when an answer was given, and how long caches have kept it.
 * @param {{ headers: Headers }} options
 */
export function serverTime({ headers }) {
    return Date.parse(headers.get("Date") ?? "") + 1000 * (Number(headers.get("Age")) || 0) || null;
}

/**
 * The answer, or a `Refusal` that is thrown.
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

/** Reads server-sent events (HTML Living Standard §9.2) from text that comes in pieces. */
export class EventParser {
    #rest = "";
    /** @type {StreamEvent} */
    #block = {};

    /**
     * The blocks that a piece completes: `{event, data, id}`, each where it was given. Comments are none.
     * @param {string} text
     */
    take(text) {
        // A CR at the end may be the half of a line's end.
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
