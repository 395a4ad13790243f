// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Tabs of the desk in one browser sign each other in and out. Nothing is stored: a key is sent only as a reply.

const CHANNEL_NAME = "wireroom.desk";
// Tabs in the background are slow to answer. Those who answer later still sign in the tab that has asked.
const ANSWER_WAIT = 250;

/** @typedef {{kind: "ask"|"out"} | {kind: "key", key: string}} TabMessage */

/** What the tabs of the desk say to each other. */
export class TabChannel {
    /** @type {BroadcastChannel|null} */
    #channel;
    /** @type {(key: string) => void} */
    #onKey = () => {};

    /**
     * @param {{key: () => string|null, onOut: () => void, open?: (name: string) => BroadcastChannel}} options
     * `key`: that of the editor who is signed in here; `onOut`: the editor has signed out in another tab.
     */
    constructor({ key, onOut, open = name => new BroadcastChannel(name) }) {
        this.key = key;
        this.onOut = onOut;
        this.#channel = opened(open);
        this.#channel?.addEventListener("message", ({ data }) => this.#receive(data));
    }

    /**
     * Asks the other tabs for the key.
     * @returns {Promise<string|null>} Null if none answers soon.
     */
    ask() {
        if (!this.#channel) return Promise.resolve(null);
        return new Promise(resolve => {
            /** @param {string|null} key */
            const end = key => {
                clearTimeout(timer);
                stop();
                resolve(key);
            };
            const timer = setTimeout(() => end(null), ANSWER_WAIT);
            const stop = this.listen(end);
            this.#send({ kind: "ask" });
        });
    }

    /**
     * Waits for the key of an editor who signs in in another tab.
     * @param {(key: string) => void} onKey
     * @returns {() => void} Ends it.
     */
    listen(onKey) {
        this.#onKey = onKey;
        return () => {
            this.#onKey = () => {};
        };
    }

    /**
     * Tells the others, who may be waiting, that the editor has signed in here.
     * @param {string} key
     */
    tellKey(key) {
        this.#send({ kind: "key", key });
    }

    /** Signs the editor out in the other tabs. */
    tellOut() {
        this.#send({ kind: "out" });
    }

    /** @param {TabMessage} message */
    #send(message) {
        this.#channel?.postMessage(message);
    }

    /** @param {TabMessage} message */
    #receive(message) {
        if (message.kind === "out") return this.onOut();
        if (message.kind === "key") return this.#onKey(message.key);
        const key = this.key();
        if (key) this.tellKey(key);
    }
}

/** @param {(name: string) => BroadcastChannel} open */
function opened(open) {
    try {
        return open(CHANNEL_NAME);
    } catch {
        // Then each tab asks for the key.
        return null;
    }
}
