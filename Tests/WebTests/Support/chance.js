// SPDX-License-Identifier: Apache-2.0
/** A seeded pseudo-random number generator (mulberry32). */
export class Chance {
    #state;

    constructor(seed) {
        this.#state = seed >>> 0;
    }

    /** A number in [0, 1). */
    next() {
        this.#state = (this.#state + 0x6d2b79f5) >>> 0;
        let mixed = this.#state;
        mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
        mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
        return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
    }

    /** An integer, both bounds included. */
    between(least, most) {
        return least + Math.floor(this.next() * (most - least + 1));
    }

    /** True with this probability. */
    happens(probability) {
        return this.next() < probability;
    }

    /** A random element of the list. */
    of(list) {
        return list[this.between(0, list.length - 1)];
    }

    uuid() {
        const digits = Array.from({ length: 32 }, () => this.between(0, 15).toString(16)).join("");
        return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
    }
}

/** `WIREROOM_TEST_SEED`, to reproduce a run, or a random seed; failure messages name it. */
export function seed() {
    const given = Number(process.env.WIREROOM_TEST_SEED);
    return given > 0 ? given : 1 + Math.floor(Math.random() * 2 ** 31);
}
