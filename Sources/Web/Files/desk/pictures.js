// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What all forms share about pictures: the uploads, and the credits given lately.
import { sendPicture } from "./media-request.js";
import { MOST_PICTURE_BYTES } from "./picture-files.js";
import { UploadQueue } from "./uploads.js";

const CREDITS_NAME = "wireroom.desk.credits";
const MOST_CREDITS = 10;

/** The pictures of the desk. */
export class Pictures {
    /**
     * @param {DeskApi} api
     * @param {Pick<Storage, "getItem"|"setItem">} storage
     * @param {() => number|null|undefined} limit The largest file that the server takes, in bytes; null if it takes
     *   none, undefined if it does not say.
     */
    constructor(api, storage, limit) {
        this.api = api;
        this.storage = storage;
        this.limit = limit;
        this.uploads = new UploadQueue({ send: upload => this.send(upload) });
    }

    /** The largest file that can be uploaded, in bytes; 0 if none can. */
    get mostBytes() {
        return this.limit() === undefined ? MOST_PICTURE_BYTES : this.limit() ?? 0;
    }

    /** @param {import("./uploads.js").Upload} upload */
    async send(upload) {
        const { file, once, patience: { signal } } = upload;
        const onProgress = (/** @type {number} */ sent) => upload.become({ sent });
        for (;;) {
            const key = this.api.key();
            try {
                return await sendPicture(file, { key, once, signal, onProgress });
            } catch (failure) {
                await this.api.renewKey(failure, key);
            }
        }
    }

    /**
     * The credits given lately, the last one first.
     * @returns {string[]}
     */
    get credits() {
        try {
            const kept = JSON.parse(this.storage.getItem(CREDITS_NAME) ?? "[]");
            return Array.isArray(kept) ? kept.filter(credit => typeof credit === "string") : [];
        } catch {
            return [];
        }
    }

    /** @param {string} credit */
    rememberCredit(credit) {
        const credits = [credit, ...this.credits.filter(known => known !== credit)].slice(0, MOST_CREDITS);
        try {
            this.storage.setItem(CREDITS_NAME, JSON.stringify(credits));
        } catch { /* A suggestion less. */ }
    }
}
