// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Who else has the form of an update open, and who saved it last: told by the server while the form is open.
import { freshKey } from "./outbox.js";

const BEAT_MILLISECONDS = 4_000;

/**
 * What the server tells. `key` is the public part of the editor's key.
 * @typedef {{others: {key: string, name: string}[], modifiedAt: string, modifiedBy: string|null}} UpdateEditing
 */

/** Tells the server that a form is open, again and again, and what it answers. */
export class Presence {
    #timer = 0;
    #isOpen = false;

    /**
     * @param {Pick<DeskApi, "once">} api
     * @param {string} path The update's.
     * @param {(editing: UpdateEditing) => void} onTold
     */
    constructor(api, path, onTold) {
        this.api = api;
        this.path = `${path}/presences/${freshKey()}`;
        this.onTold = onTold;
    }

    /** Begins, once the form is filled. */
    begin() {
        if (this.#isOpen) return;
        this.#isOpen = true;
        this.#beat();
    }

    end() {
        clearTimeout(this.#timer);
        if (!this.#isOpen) return;
        this.#isOpen = false;
        // Otherwise it is forgotten after a while.
        this.api.once("DELETE", this.path).catch(() => {});
    }

    /**
     * Asks at once.
     * @returns {Promise<UpdateEditing|null>} Null if the server cannot be reached, or the update is gone.
     */
    async ask() {
        // Without the dialog to sign in, which others open when they fail.
        const answer = await this.api.once("PUT", this.path).catch(() => null);
        return answer?.value ?? null;
    }

    async #beat() {
        const editing = await this.ask();
        if (!this.#isOpen) return;
        if (editing) this.onTold(editing);
        this.#timer = setTimeout(() => this.#beat(), BEAT_MILLISECONDS);
    }
}
