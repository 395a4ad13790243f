// SPDX-License-Identifier: Apache-2.0
// @ts-check
// What the server has of a composer's texts: saved while they are written, and offered on the person's other devices.
import { make } from "../shared/dom.js";
import { Autosaver } from "./autosave.js";
import { resolveConflict } from "./conflict.js";
import { button, fill } from "./elements.js";
import { notice } from "./form-parts.js";
import { labelOf } from "./labels.js";
import { shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";
import { typedMembers, UPDATE_FIELDS, valuesFrom } from "./values.js";

const MOST_OFFERED = 3;

/** @typedef {import("./autosave.js").StoredText} StoredText */

/** The copy on the server of the text in a composer. */
export class ServerCopy {
    /**
     * Names of texts that were sent from here. One that is still there was saved too late.
     * @type {Set<string>}
     */
    #sent = new Set();
    #onVisibility = () => document.hidden ? this.autosaver.flush() : this.look();

    /** @param {import("./composer.js").Composer} composer */
    constructor(composer) {
        this.composer = composer;
        /** What is offered. */
        this.node = make("div", { class: "above" });
        this.api = composer.desk.api;
        this.path = `/stories/${composer.story}/autosaves`;
        this.autosaver = new Autosaver({
            api: this.api, path: this.path,
            onSaved: at => this.saved(at),
            onTrouble: () => composer.form.showSaved(new Date().toISOString(), false),
            onConflict: theirs => this.settle(theirs),
            onGone: () => this.tellGone(),
        });
        document.addEventListener("visibilitychange", this.#onVisibility);
    }

    close() {
        document.removeEventListener("visibilitychange", this.#onVisibility);
        this.autosaver.flush();
    }

    /**
     * Begins with the text of the composer, which may be one from before a reload.
     * @param {Draft|null} draft
     */
    async start(draft) {
        this.autosaver.start(this.composer.intent.once, { etag: draft?.tag ?? null, content: draft?.stored ?? null });
        this.composer.form.showSaved(null, false);
        if (!draft) return this.offer();
        const list = await this.#read();
        if (list && this.composer.intent.once === draft.once) this.#compare(draft, list);
    }

    /**
     * Saves the input soon.
     * @param {Typed|null} typed Null: nothing is left of it.
     */
    change(typed) {
        this.autosaver.change(typed && contentOf(typed));
        if (!typed) this.composer.form.showSaved(null, false);
    }

    /** What a draft in the browser keeps of the copy. */
    get kept() {
        return { tag: this.autosaver.tag, stored: this.autosaver.stored ?? undefined };
    }

    /** Ends the saving of a text that is about to be sent: the server deletes the copy with it. */
    async end() {
        this.#sent.add(this.autosaver.name);
        await this.autosaver.settle();
    }

    /** Deletes the copy. */
    discard() {
        this.#delete(this.autosaver.name);
        this.autosaver.stop();
    }

    /** @param {string} name */
    #delete(name) {
        // Otherwise it is offered until it expires.
        this.api.ask("DELETE", `${this.path}/${name}`).catch(() => {});
    }

    /** @param {string} at */
    saved(at) {
        this.composer.form.showSaved(at, true);
        this.composer.remember();
    }

    // --- other devices ---

    /** @returns {Promise<StoredText[]|null>} Null if they cannot be read. */
    async #read() {
        try {
            return (await this.api.ask("GET", this.path)).value.autosaves;
        } catch {
            return null;
        }
    }

    /** Looks at what other devices have made of the text, or have to offer. */
    async look() {
        await this.offer();
        await this.check();
    }

    /** Tells at once if the text was published or discarded on another device, while it stands here as saved. */
    async check() {
        const { name, tag } = this.autosaver;
        const isMeant = () => !this.composer.form.isLocked && !this.autosaver.isStopped
            && this.autosaver.name === name && this.autosaver.tag === tag;
        if (!tag || !isMeant()) return;
        const list = await this.#read();
        // What was sent or saved meanwhile has another answer.
        if (list && isMeant() && !list.some(stored => stored.name === name)) this.tellGone();
    }

    // The text may have been continued on another device since it was left here.
    /** @param {Draft} draft @param {StoredText[]} list */
    #compare(draft, list) {
        const present = list.find(({ name }) => name === draft.once);
        const isTouched = contentOf(draft.typed) !== draft.stored;
        if (!present) return draft.tag ? this.tellGone() : this.composer.keep();
        if (present.etag === draft.tag) return this.composer.keep();
        if (present.content === contentOf(draft.typed)) return this.#adopt(present);
        if (isTouched) return this.settle(present);
        this.take(present);
    }

    // It was saved as it is here, by a request whose answer was lost.
    /** @param {StoredText} present */
    #adopt(present) {
        this.autosaver.start(present.name, present);
        this.composer.form.showSaved(present.savedAt, true);
        this.composer.remember();
    }

    /** Offers what was written on other devices, as long as nothing is written here. */
    async offer() {
        const list = await this.#read();
        if (!list) return;
        // What could not be sent is still written here.
        const elsewhere = list.filter(({ name }) => name !== this.autosaver.name);
        for (const { name } of elsewhere) if (this.#sent.has(name)) this.#delete(name);
        const others = elsewhere.filter(({ name, content }) => !this.#sent.has(name) && typedFrom(content));
        const offered = this.composer.isBlank ? others.slice(0, MOST_OFFERED) : [];
        fill(this.node, ...offered.map(stored => this.offerNode(stored)));
    }

    /** @param {StoredText} stored */
    offerNode(stored) {
        const node = notice(phrase("otherDevice", {
            title: labelOf(typedFrom(stored.content) ?? {}), time: shortTime(stored.savedAt),
        }),
        button(phrase("continue"), () => this.#continue(stored)),
        button(phrase("discard"), () => {
            this.#delete(stored.name);
            node.remove();
        }, { class: "quiet" }));
        return node;
    }

    /** @param {StoredText} stored */
    #continue(stored) {
        if (this.composer.isBlank) return this.take(stored);
        this.composer.desk.say(phrase("composerBusy"));
    }

    /** @param {StoredText} stored */
    take(stored) {
        const typed = typedFrom(stored.content);
        if (!typed) return;
        fill(this.node);
        this.composer.take(stored.name, typed, () => this.autosaver.start(stored.name, stored));
        this.composer.form.showSaved(stored.savedAt, true);
    }

    /**
     * Has the editor choose between this text and what another device has made of it.
     * @param {StoredText} theirs
     */
    async settle(theirs) {
        this.autosaver.stop();
        const [base, other] = [this.autosaver.stored, theirs.content].map(content =>
            valuesFrom(UPDATE_FIELDS, typedFrom(content ?? "") ?? typedMembers(UPDATE_FIELDS, {})));
        const mine = valuesFrom(UPDATE_FIELDS, this.composer.form.typed);
        const decision = await resolveConflict(UPDATE_FIELDS, base, mine, other);
        // Otherwise it is kept in this browser alone.
        if (!decision) return this.composer.form.showSaved(new Date().toISOString(), false);
        this.composer.take(theirs.name, decision.typed, () => this.autosaver.start(theirs.name, theirs));
    }

    tellGone() {
        this.autosaver.stop();
        this.composer.form.showSaved(null, false);
        fill(this.composer.form.above, notice(phrase("doneElsewhere"),
            button(phrase("keepAsNew"), () => this.composer.renew()),
            button(phrase("discard"), () => this.composer.discard(), { class: "quiet" })));
    }
}

// Pictures that are not uploaded yet are in this browser only.
/** @param {Typed} typed */
function contentOf(typed) {
    return JSON.stringify({ ...typed, media: typed.media.filter((/** @type {Typed} */ row) => !row.upload) });
}

/**
 * Reads what `contentOf` has written.
 * @param {string} content
 * @returns {Typed|null} Null if it is something else.
 */
export function typedFrom(content) {
    try {
        const typed = JSON.parse(content);
        const empty = typedMembers(UPDATE_FIELDS, {});
        const isAlike = typed && Object.entries(empty).every(([name, value]) =>
            typeof typed[name] === typeof value && Array.isArray(typed[name]) === Array.isArray(value));
        return isAlike ? typed : null;
    } catch {
        return null;
    }
}
