// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * The browser's functions that a follower uses, but for streams; outside browsers, always visible and online.
 * @type {Omit<Environment, "openStream">}
 */
export const browserEnvironment = {
    fetch: (input, init) => globalThis.fetch(input, init),
    now: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (handle, milliseconds) => globalThis.setTimeout(handle, milliseconds),
    clearTimeout: timer => globalThis.clearTimeout(timer),
    isVisible: () => globalThis.document?.visibilityState !== "hidden",
    isOnline: () => globalThis.navigator?.onLine !== false,
    listen(name, handle, signal) {
        const target = name === "visibilitychange" ? globalThis.document : globalThis;
        target?.addEventListener?.(name, handle, { signal });
    },
    /** By origin; shared by all scripts of a page, such as the widget and the client. */
    streamSlots: () => (
        /** @type {Record<symbol, Map<string, StreamSlots>>} */
        (globalThis)
    )[Symbol.for("wireroom.streamSlots")] ??= new Map(),
};

/**
 * Browsers open six HTTP/1.1 connections per origin: three streams leave as many for polls and reactions.
 */
const MOST_STREAMS = 3;

/** A semaphore that limits a page's streams to one origin. */
class StreamSlots {
    #free = MOST_STREAMS;
    /**
     * Wake functions of waiters, in FIFO order.
     * @type {Set<() => void>}
     */
    #waiting = new Set();

    /**
     * Takes a slot if one is free; else calls `wake` when one is.
     * @param {() => void} wake
     */
    take(wake) {
        this.#waiting.delete(wake);
        if (this.#free > 0) {
            this.#free -= 1;
            return true;
        }
        this.#waiting.add(wake);
        return false;
    }

    /** Releases a slot, and wakes the first waiter. */
    give() {
        this.#free += 1;
        const [wake] = this.#waiting;
        wake?.();
    }

    /**
     * Stops waiting.
     * @param {() => void} wake
     */
    leave(wake) {
        this.#waiting.delete(wake);
    }
}

/**
 * The slots of a server; `base` is its URL, empty for the page's own.
 * @param {string} base
 * @param {Environment} environment
 */
export function slotsOf(base, environment) {
    const [all, origin] = [environment.streamSlots(), originOf(base)];
    const slots = all.get(origin) ?? new StreamSlots();
    all.set(origin, slots);
    return slots;
}

/** @param {string} base */
function originOf(base) {
    try {
        return new URL(base, globalThis.location?.href).origin;
    } catch {
        // Outside browsers `location` may be missing.
        return base;
    }
}
