// SPDX-License-Identifier: Apache-2.0
// @ts-check
/** A pause that can be cut short. */
export class Pause {
    /** Ends the current pause, if any. */
    wake = () => {};

    /** @param {Pick<Environment, "setTimeout"|"clearTimeout">} timers */
    constructor(timers) {
        this.timers = timers;
    }

    /**
     * @param {number} milliseconds
     * @returns {Promise<void>}
     */
    wait(milliseconds) {
        return new Promise(resolve => {
            const timer = this.timers.setTimeout(() => this.wake(), milliseconds);
            this.wake = () => {
                this.timers.clearTimeout(timer);
                resolve();
            };
        });
    }
}
