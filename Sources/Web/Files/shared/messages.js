// SPDX-License-Identifier: Apache-2.0
// @ts-check
// In milliseconds.
const NOTICE_TIME = 6_000;
/** Shorter interruptions are not shown. */
const PATIENCE = 2_500;
/** Debounces announcements to screen readers. */
const ANNOUNCEMENT_DELAY = 1_000;

/** What a followed story tells its reader: the state of the connection, notices, and that there are new updates. */
export class Messages {
    #stateTimer = 0;
    #noticeTimer = 0;
    #announcementTimer = 0;
    #unannounced = 0;
    /** @type {FollowerState|""} */
    #state = "";
    /** @type {{pollAfter: number}|null} */
    #follower = null;
    #parts;
    #context;

    /**
     * The words are those that `context` has when something is told.
     * @param {Pick<ViewParts, "connection"|"announcement">} parts
     * @param {Pick<MarkupContext, "words">} context
     */
    constructor(parts, context) {
        this.#parts = parts;
        this.#context = context;
    }

    /**
     * Tells screen readers of so many more new updates.
     * @param {number} count
     */
    announce(count) {
        this.#unannounced += count;
        clearTimeout(this.#announcementTimer);
        this.#announcementTimer = setTimeout(() => {
            this.#parts.announcement.textContent = this.#context.words.say("newUpdates", { count: this.#unannounced });
            this.#unannounced = 0;
        }, ANNOUNCEMENT_DELAY);
    }

    /**
     * Shows a message for a few seconds.
     * @param {string} words
     */
    notice(words) {
        clearTimeout(this.#noticeTimer);
        this.#write("notice", words);
        this.#noticeTimer = setTimeout(() => this.#showState(), NOTICE_TIME);
    }

    /**
     * Shows the state of the connection; `pollAfter` of the follower is in seconds.
     * @param {FollowerState} state
     * @param {{pollAfter: number}} follower
     */
    say(state, follower) {
        clearTimeout(this.#stateTimer);
        this.#state = state;
        this.#follower = follower;
        this.#stateTimer = setTimeout(() => this.#showState(), state === "reconnecting" ? PATIENCE : 0);
    }

    #showState() {
        const [state, count] = [this.#state, this.#follower?.pollAfter ?? 0];
        const key = state === "live" ? state : "state." + state;
        this.#write(state, state && this.#context.words.say(key, { count }));
    }

    /** @param {string} state @param {string} words */
    #write(state, words) {
        this.#parts.connection.dataset.state = state;
        this.#parts.connection.textContent = words;
    }
}
