// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Waiting for the uploads of a form before it is sent.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { phrase } from "./phrases.js";

/** The notice that a form is sent once its pictures are uploaded, with a button not to. */
export class UploadWait {
    /** @type {((isReady: boolean) => void)|null} */
    #end = null;
    #verb = "";
    /** How many rows there were, since one that is removed was waited for. */
    #count = 0;

    /** @param {Fields} fields */
    constructor(fields) {
        this.fields = fields;
        this.words = make("p", {});
        this.stop = button(phrase("doNotWait"), () => this.cancel(), { class: "quiet" });
        this.node = make("div", { class: "notice", role: "status", hidden: true }, this.words, this.stop);
        for (const list of fields.mediaLists) list.uploadsChanged = () => this.changed();
    }

    /** Whether it waits. */
    get isOn() {
        return this.#end !== null;
    }

    /** Whether something is to be waited for. */
    get isNeeded() {
        return this.#uploading.length > 0;
    }

    /**
     * Waits until all pictures are uploaded.
     * @param {string} verb What happens then, such as `Publish`.
     * @returns {Promise<boolean>} False if the editor does not want to wait, has removed a picture, or one cannot be
     *   uploaded.
     */
    async until(verb) {
        if (!this.isNeeded) return true;
        this.#verb = verb;
        this.#count = this.#rowCount;
        const ended = new Promise(resolve => {
            this.#end = resolve;
        });
        this.changed();
        // The button that was pressed may be disabled meanwhile.
        if (document.activeElement === document.body) this.stop.focus();
        const isReady = await ended;
        this.#end = null;
        this.node.hidden = true;
        return isReady;
    }

    cancel() {
        this.#end?.(false);
    }

    /** Called after each change of an upload. */
    changed() {
        if (!this.#end) return;
        const isMissing = this.fields.mediaLists.some(list => list.missing.length > 0);
        if (isMissing || this.#rowCount < this.#count) return this.cancel();
        const names = this.#uploading.map(row => row.fileName);
        if (!names.length) return this.#end(true);
        const [action, count] = [this.#verb, names.length];
        const words = count === 1 ? phrase("asSoonAs", { action, name: names[0] })
            : phrase("asSoonAsMany", { action, count });
        if (this.words.textContent !== words) fill(this.words, words);
        this.node.hidden = false;
    }

    get #uploading() {
        return this.fields.mediaLists.flatMap(list => list.uploading);
    }

    get #rowCount() {
        return this.fields.mediaLists.reduce((count, list) => count + list.rows.length, 0);
    }
}
