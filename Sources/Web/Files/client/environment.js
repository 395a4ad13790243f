/** The browser, as far as a follower knows it; elsewhere everything is always visible and online. */
export const browserWorld = {
    fetch: (...request) => globalThis.fetch(...request),
    now: () => Date.now(),
    random: () => Math.random(),
    setTimeout: (...timer) => globalThis.setTimeout(...timer),
    clearTimeout: timer => globalThis.clearTimeout(timer),
    isVisible: () => globalThis.document?.visibilityState !== "hidden",
    isOnline: () => globalThis.navigator?.onLine !== false,
    listen(name, handle, signal) {
        const target = name === "visibilitychange" ? globalThis.document : globalThis;
        target?.addEventListener?.(name, handle, { signal });
    },
    /** By origin; scripts that a page loads apart, such as the widget and the client, share them. */
    streamSlots: () => (globalThis[Symbol.for("wireroom.streamSlots")] ??= new Map()),
};

/**
 * Over HTTP/1.1 a browser opens six connections to an origin. A page that holds three of them by streams leaves as
 * many to polls and reactions.
 */
const MOST_STREAMS = 3;

/** A semaphore: the streams that a page may have open to one origin. */
class StreamSlots {
    #free = MOST_STREAMS;
    /** Functions that wake those who found none, the first first. */
    #waiting = new Set();

    /** Takes one if one is free; else `wake` is called when that is so. */
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

    /** Does not wait any more. */
    leave(wake) {
        this.#waiting.delete(wake);
    }
}

/** The slots of a server; `base` is its address, empty for the page's own. */
export function slotsOf(base, world) {
    const [all, origin] = [world.streamSlots(), originOf(base)];
    if (!all.has(origin)) all.set(origin, new StreamSlots());
    return all.get(origin);
}

function originOf(base) {
    try {
        return new URL(base, globalThis.location?.href).origin;
    } catch {
        // Outside of browsers there need be none.
        return base;
    }
}
