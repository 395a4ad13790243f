// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Uploads of pictures: a queue of files, of which a few are sent at a time, each until it is answered.
import { freshKey } from "./outbox.js";
import { phrase } from "./phrases.js";
import { Stopped, RetryPause, persist, troubleText } from "./retry.js";

/** How many pictures are sent at the same time. */
export const MOST_AT_ONCE = 2;

/** The states of an upload in which it will be finished without the editor. */
const UNFINISHED = ["queued", "sending", "waiting"];

/**
 * One file on its way to the server. `queued` until its turn, then `sending`; after a lost connection `waiting` for the
 * next attempt; in the end `done`, `refused` by the server, or `cancelled` by the editor, who can resume it.
 */
export class Upload {
    /** @type {"queued"|"sending"|"waiting"|"done"|"refused"|"cancelled"} */
    state = "queued";
    /** How much of the file is sent, from 0 to 1. */
    sent = 0;
    /** @type {Failure|null} Why it waits, or was refused. */
    trouble = null;
    /** @type {UploadedPicture|null} */
    asset = null;
    patience = new RetryPause();
    /** Called after each change. */
    onChange = () => {};

    /**
     * @param {File} file
     * @param {string} once The idempotency key of all attempts; identifies the upload in drafts.
     */
    constructor(file, once) {
        this.file = file;
        this.once = once;
    }

    get isUnfinished() {
        return UNFINISHED.includes(this.state);
    }

    /** @param {Partial<Pick<Upload, "state"|"sent"|"trouble"|"asset">>} change */
    become(change) {
        Object.assign(this, change);
        this.onChange();
    }
}

/** The uploads of a page. They outlive the forms in which they were begun, but not the page. */
export class UploadQueue {
    /** @type {Map<string, Upload>} */
    #uploads = new Map();
    /** @type {Set<Upload>} */
    #running = new Set();

    /**
     * @param {{send: (upload: Upload) => Promise<UploadedPicture>, patience?: () => RetryPause}} options
     *   `send` makes one attempt; it is aborted by the signal of the upload's `patience`.
     */
    constructor({ send, patience = () => new RetryPause() }) {
        this.send = send;
        this.patience = patience;
    }

    /**
     * Adds a file, to be sent when it is its turn.
     * @param {File} file
     */
    add(file) {
        const upload = new Upload(file, freshKey());
        this.#uploads.set(upload.once, upload);
        this.resume(upload);
        return upload;
    }

    /**
     * The upload with an idempotency key, or null: it was begun before the page was loaded, or in another window.
     * @param {string} once
     */
    find(once) {
        return this.#uploads.get(once) ?? null;
    }

    /** Whether closing the page would lose an upload. */
    get isBusy() {
        return [...this.#uploads.values()].some(upload => upload.isUnfinished);
    }

    /**
     * Sends an upload that was cancelled or refused once more, after those that are waiting.
     * @param {Upload} upload
     */
    resume(upload) {
        if (this.#running.has(upload)) return;
        upload.patience = this.patience();
        // Moves it to the end of the line.
        this.#uploads.delete(upload.once);
        this.#uploads.set(upload.once, upload);
        upload.become({ state: "queued", sent: 0, trouble: null });
        this.#fill();
    }

    /**
     * Stops an upload; the server may have the picture all the same.
     * @param {Upload} upload
     */
    cancel(upload) {
        if (!upload.isUnfinished) return;
        upload.patience.stop();
        if (!this.#running.has(upload)) upload.become({ state: "cancelled" });
    }

    /**
     * Stops an upload that no form has any more, and forgets it.
     * @param {Upload} upload
     */
    forget(upload) {
        this.#uploads.delete(upload.once);
        upload.onChange = () => {};
        this.cancel(upload);
    }

    /** Ends all pauses before the next attempt. */
    poke() {
        for (const upload of this.#running) upload.patience.poke();
    }

    #fill() {
        for (const upload of this.#uploads.values()) {
            if (this.#running.size >= MOST_AT_ONCE) return;
            if (upload.state === "queued" && !this.#running.has(upload)) this.#run(upload);
        }
    }

    /** @param {Upload} upload */
    async #run(upload) {
        this.#running.add(upload);
        const change = await this.#outcome(upload);
        this.#running.delete(upload);
        upload.become(change);
        this.#fill();
    }

    /**
     * @param {Upload} upload
     * @returns {Promise<Partial<Upload>>}
     */
    async #outcome(upload) {
        try {
            const asset = await persist(() => {
                upload.become({ state: "sending", sent: 0 });
                return this.send(upload);
            }, { patience: upload.patience, onTrouble: trouble => upload.become({ state: "waiting", trouble }) });
            return { state: "done", asset, trouble: null };
        } catch (failure) {
            return failure instanceof Stopped ? { state: "cancelled" } : { state: "refused", trouble: failure };
        }
    }
}

/**
 * Describes an upload to the editor.
 * @param {Pick<Upload, "state"|"sent"|"trouble"|"file">} upload
 * @returns {string} Empty once it is done.
 */
export function uploadLabel({ state, sent, trouble, file: { name } }) {
    switch (state) {
    case "queued": return phrase("waitsForTurn", { name });
    case "sending":
        return sent < 1 ? phrase("percentUploaded", { name, percent: Math.floor(sent * 100) })
            : phrase("serverPrepares", { name });
    case "waiting": return `${name}. ${trouble ? troubleText(trouble, phrase("notYetUploaded")) : ""}`;
    case "refused": return phrase("uploadRefused", { name, reason: trouble?.message ?? phrase("wasRefused") });
    case "cancelled": return phrase("uploadStopped", { name });
    default: return "";
    }
}

/**
 * Describes a picture whose file is not there any more.
 * @param {string} name Of the file.
 */
export function lostLabel(name) {
    return phrase("uploadLost", { name });
}
