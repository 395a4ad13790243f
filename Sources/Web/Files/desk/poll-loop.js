// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Polling, slower while the page is hidden.
import { Refusal, SignedOut } from "./api.js";
import { RetryPause, pauseBefore, Stopped } from "./retry.js";

// A hidden page polls less often by this factor.
const UNSEEN_FACTOR = 8;

/** Polls at once, then at an interval, with back-off after failures, until closed. */
export class PollLoop {
    #patience = new RetryPause();
    #isClosed = false;
    #isWanted = false;
    #failures = 0;
    #listening = new AbortController();

    /**
     * @param {{read: () => Promise<boolean|void>, seconds: number, onState: (trouble: Failure|null) => void}} options
     * `read` returns false to end the loop. `onState` receives each failure, and null on recovery.
     */
    constructor({ read, seconds, onState }) {
        this.read = read;
        this.seconds = seconds;
        this.onState = onState;
        const options = { signal: this.#listening.signal };
        document.addEventListener("visibilitychange", () => document.hidden || this.poke(), options);
        addEventListener("online", () => this.poke(), options);
        this.done = this.#run();
    }

    /** Polls at once; once more if a read is in flight, whose result may be stale. */
    poke() {
        this.#isWanted = true;
        this.#patience.poke();
    }

    close() {
        this.#isClosed = true;
        this.#listening.abort();
        this.#patience.stop();
    }

    async #run() {
        while (!this.#isClosed) {
            this.#isWanted = false;
            const pause = await this.#once();
            if (pause === null) return this.close();
            if (!this.#isWanted) await this.#patience.wait(pause).catch(() => {});
        }
    }

    // Polls once. Returns the pause in milliseconds; null to end the loop.
    async #once() {
        try {
            const goesOn = await this.read();
            if (this.#failures > 0 && !this.#isClosed) this.onState(null);
            this.#failures = 0;
            return goesOn === false ? null : this.seconds * 1000 * (document.hidden ? UNSEEN_FACTOR : 1);
        } catch (failure) {
            if (this.#isClosed || failure instanceof SignedOut || failure instanceof Stopped) return null;
            this.#failures += 1;
            this.onState(failure);
            return pauseBefore(this.#failures + 1, failure instanceof Refusal ? failure.retryAfter : null);
        }
    }
}
