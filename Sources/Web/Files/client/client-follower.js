// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { streaming } from "./event-stream.js";
import { Follower } from "./follower.js";
import { SharedPolls } from "./shared-polls.js";

// In milliseconds.
const REACTIONS_INTERVAL = 10_000;

/**
 * The `Follower` of front ends of others, which know what stands before their server: with the option
 * `transport: "poll"` it holds polls that HTTP caches share instead of a stream.
 */
export class ClientFollower extends Follower {
    #reactionsAt = 0;
    /** @type {FollowerOptions} */
    #choice;

    /** @param {FollowerOptions} options */
    constructor(options) {
        const streamed = { ...options, environment: { ...streaming, ...options.environment } };
        super(options.transport === "poll" ? polling(options, now => this.#readReactions(now)) : streamed);
        this.#choice = options;
    }

    /**
     * Polls bring no counts of reactions.
     * @param {number} now
     */
    #readReactions(now) {
        if (!this.#choice.onReactions || now < this.#reactionsAt + REACTIONS_INTERVAL) return;
        this.#reactionsAt = now;
        // Best effort: the next answer comes soon.
        this.loadReactions().catch(() => {});
    }
}

/**
 * The options of a follower that polls; `onAnswer` receives the time of each answer.
 * @param {FollowerOptions} options
 * @param {(now: number) => void} onAnswer
 * @returns {FollowerOptions}
 */
function polling(options, onAnswer) {
    const memory = { tick: 0, wasBusted: false };
    return {
        ...options,
        onRestart: feed => {
            // A restored database may have lower ones.
            memory.tick = 0;
            return options.onRestart?.(feed);
        },
        environment: {
            openStream: environment => new SharedPolls(environment, memory, () => onAnswer(environment.now())),
            ...options.environment,
        },
    };
}

/**
 * Creates and starts a follower; see `Follower`.
 * @param {FollowerOptions} options
 */
export function follow(options) {
    return new ClientFollower(options).start();
}
