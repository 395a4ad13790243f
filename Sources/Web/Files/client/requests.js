// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { requireSuccess, serverTime } from "./events.js";

// In milliseconds.
const REQUEST_TIMEOUT = 20_000;

/**
 * Reads JSON, with a timeout; `onDate` receives the server's time.
 * @param {Environment} environment
 * @param {string} address
 * @param {RequestInit} init
 * @param {AbortController} abort
 * @param {(date: number|null) => void} onDate
 * @throws {import("./events.js").Refusal}
 */
export async function readJSON(environment, address, init, abort, onDate) {
    const timer = environment.setTimeout(() => abort.abort(), REQUEST_TIMEOUT);
    try {
        const response = await environment.fetch(address, { ...init, signal: abort.signal });
        onDate(serverTime(await requireSuccess(response)));
        return await response.json();
    } finally {
        environment.clearTimeout(timer);
    }
}

/**
 * A URL with a query of the members that have a value.
 * @param {string} path
 * @param {Record<string, string|number|null|undefined>} members
 */
export function withQuery(path, members) {
    const given = (
        /** @type {[string, string][]} */
        (Object.entries(members).filter(([, value]) => value))
    );
    const query = String(new URLSearchParams(given));
    return query ? `${path}?${query}` : path;
}
