// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Requests to the server, and their failures.
import { phrase } from "./phrases.js";

/** An error response of the server: a problem by RFC 9457. */
export class Refusal extends Error {
    /**
     * @param {number} status
     * @param {Partial<RefusalProblem>} problem The body; may be empty.
     * @param {{tag?: string|null, retryAfter?: number|null}} head `tag`: of the current state; `retryAfter`: seconds.
     */
    constructor(status, problem, { tag = null, retryAfter = null } = {}) {
        super(problem.detail || problem.title || phrase("serverAnswered", { status }));
        this.status = status;
        /** The last path segment of `type`, such as `validation`. */
        this.kind = String(problem.type ?? "").split("/").pop();
        this.title = problem.title || phrase("httpStatus", { status });
        this.requestId = problem.requestId ?? null;
        this.errors = Array.isArray(problem.errors) ? problem.errors : [];
        this.current = problem.current ?? null;
        this.snapshot = problem.snapshot ?? null;
        this.tag = tag;
        this.retryAfter = retryAfter;
    }
}

/** No response arrived; whether the request was processed is unknown. */
export class Unreached extends Error {}

/** The editor signed out while a request was waiting for a new key. */
export class SignedOut extends Error {}

const MOST_SECONDS = 20;

/** Sends requests with the editor's key. */
export class DeskApi {
    /**
     * @param {{key: () => string|null, signIn: () => Promise<void>, fetch?: typeof fetch, seconds?: number}} options
     * `signIn` is called after a 401; it resolves once there is a new key, and rejects with `SignedOut`.
     */
    constructor({ key, signIn, fetch = (...request) => globalThis.fetch(...request), seconds = MOST_SECONDS }) {
        this.key = key;
        this.signIn = signIn;
        this.fetch = fetch;
        this.seconds = seconds;
    }

    /**
     * Sends a request; after a 401 has the editor sign in again and resends it.
     * @param {string} method
     * @param {string} path
     * @param {RequestOptions} options
     * @returns {Promise<Answer>}
     * @throws {Refusal|Unreached|SignedOut}
     */
    async ask(method, path, options = {}) {
        for (;;) {
            const key = this.key();
            try {
                return await this.once(method, path, options);
            } catch (failure) {
                await this.renewKey(failure, key);
                options.signal?.throwIfAborted();
            }
        }
    }

    /**
     * Has the editor sign in again after a 401, unless `key` has been replaced in the meantime.
     * @param {Failure} failure
     * @param {string|null} key
     * @throws `failure` itself if it is not a 401, and `SignedOut`.
     */
    async renewKey(failure, key) {
        if (!(failure instanceof Refusal) || failure.status !== 401) throw failure;
        if (this.key() === key) await this.signIn();
    }

    /**
     * Sends a merge patch (RFC 7396) conditional on the entity tag `match`; see `ask`.
     * @param {string} path
     * @param {Thing} patch
     * @param {string|null} match
     */
    patch(path, patch, match) {
        return this.ask("PATCH", path, { json: patch, match, type: "application/merge-patch+json" });
    }

    /**
     * Sends a request without retrying.
     * @param {string} method
     * @param {string} path Absolute, on this server.
     * @param {RequestOptions} options
     * @returns {Promise<Answer>}
     * @throws {Refusal|Unreached}
     */
    async once(method, path, options = {}) {
        // An `older` link from a response must not send the key to another origin.
        if (!/^\/(?!\/)/.test(path)) throw new TypeError(`${path} is no path`);
        const answer = await this.#send(method, path, options);
        const text = await this.#read(answer, options.signal);
        const header = (/** @type {string} */ name) => answer.headers.get(name);
        if (answer.status >= 400) throw refusalFrom(answer.status, text, header);
        const value = options.isPage ? text : text ? parsedJSON(text) : null;
        // Not JSON: a captive portal, for instance.
        if (text && value === null) throw new Unreached(phrase("otherAnswer"));
        return {
            status: answer.status,
            value,
            tag: header("ETag"),
            pollAfter: numberIn(header("X-Poll-Interval")),
        };
    }

    /** @param {string} method @param {string} path @param {RequestOptions} options */
    async #send(method, path, options) {
        const { json, text, body: file, type = "application/json", match, noneMatch, once } = options;
        const { key = this.key(), signal } = options;
        /** @type {Record<string, string>} */
        const headers = { Accept: options.isPage ? "text/html" : "application/json, application/problem+json" };
        if (key) headers.Authorization = `Bearer ${key}`;
        if (match) headers["If-Match"] = match;
        if (noneMatch) headers["If-None-Match"] = noneMatch;
        if (once) headers["Idempotency-Key"] = once;
        const body = json === undefined ? file ?? text : JSON.stringify(json);
        if (body !== undefined) headers["Content-Type"] = type;
        const time = (
            /** @type {AbortSignals} */
            (AbortSignal)
        ).timeout(this.seconds * 1000);
        try {
            return await this.fetch(path, {
                method, headers, body, cache: "no-store", credentials: "omit", redirect: "error",
                referrerPolicy: "no-referrer", signal: signal ? eitherSignal(signal, time) : time,
            });
        } catch (failure) {
            throw whyUnreached(failure, signal);
        }
    }

    /** @param {Response} answer @param {AbortSignal|undefined} signal */
    async #read(answer, signal) {
        try {
            return await answer.text();
        } catch (failure) {
            throw whyUnreached(failure, signal);
        }
    }
}

// `AbortSignal.any` is too recent for the browsers in newsrooms.
/** @param {AbortSignal} one @param {AbortSignal} other */
function eitherSignal(one, other) {
    const controller = new AbortController();
    for (const signal of [one, other]) {
        if (signal.aborted) controller.abort(signal.reason);
        signal.addEventListener("abort", () => controller.abort(signal.reason), { once: true });
    }
    return controller.signal;
}

/** @param {Failure} failure @param {AbortSignal|undefined} signal */
function whyUnreached(failure, signal) {
    return signal?.aborted ? signal.reason : new Unreached(phrase("noAnswerCame"), { cause: failure });
}

/**
 * Reads an error response.
 * @param {number} status
 * @param {string} text The body.
 * @param {(name: string) => string|null} header
 */
export function refusalFrom(status, text, header) {
    const problem = parsedJSON(text);
    const head = { tag: header("ETag"), retryAfter: numberIn(header("Retry-After")) };
    return new Refusal(status, problem && typeof problem === "object" ? problem : {}, head);
}

/** @param {string|null} text */
function numberIn(text) {
    return text && /^\d+$/.test(text) ? Number(text) : null;
}

/** @param {string} text */
function parsedJSON(text) {
    try {
        return JSON.parse(text);
    } catch {
        return null;
    }
}
