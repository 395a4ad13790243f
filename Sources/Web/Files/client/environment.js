// SPDX-License-Identifier: Apache-2.0
// @ts-check
/**
 * The browser, as far as a follower knows it; elsewhere everything is always visible and online.
 * @type {Environment}
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
    /** By origin; scripts that a page loads apart, such as the widget and the client, share them. */
    streamSlots: () => (
        /** @type {Record<symbol, Map<string, StreamSlots>>} */
        (globalThis)
    )[Symbol.for("wireroom.streamSlots")] ??= new Map(),
};

/**
 * Over HTTP/1.1 a browser opens six connections to an origin. A page that holds three of them by streams leaves as
 * many to polls and reactions.
 */
const MOST_STREAMS = 3;

/** A semaphore: the streams that a page may have open to one origin. */
class StreamSlots {
    #free = MOST_STREAMS;
    /**
     * Functions that wake those who found none, the first first.
     * @type {Set<() => void>}
     */
    #waiting = new Set();

    /**
     * Takes one if one is free; else `wake` is called when that is so.
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

    /** Gives one back, for who has waited longest. */
    give() {
        this.#free += 1;
        const [wake] = this.#waiting;
        wake?.();
    }

    /**
     * Does not wait any more.
     * @param {() => void} wake
     */
    leave(wake) {
        this.#waiting.delete(wake);
    }
}

/**
 * The slots of a server; `base` is its address, empty for the page's own.
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
        // Outside of browsers there need be none.
        return base;
    }
}
