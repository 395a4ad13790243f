// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Presence: heartbeats of an open form, whose responses say who else edits the update and who saved it last.
import { freshKey } from "./outbox.js";

const HEARTBEAT_MILLISECONDS = 4_000;

/**
 * The response to a heartbeat. `key` is the public part of the editor's key.
 * @typedef {{others: {key: string, name: string}[], modifiedAt: string, modifiedBy: string|null}} UpdateEditing
 */

/** Sends heartbeats while a form is open, and passes on their responses. */
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
        this.#timer = setTimeout(() => this.#beat(), HEARTBEAT_MILLISECONDS);
    }
}
