// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Sign-in and the editor's session.
import { Refusal, SignedOut, Unreached } from "./api.js";
import { elementAt, fill } from "./elements.js";
import { phrase } from "./phrases.js";

const KEY_NAME = "wireroom.desk.key";
// Keys not named after a person: that of the configuration, and the one created at the server's first start.
const CONFIGURED_KEY = "configuration";
const FIRST_KEY_NAME = "first";

/** The editor's session: the key, for the lifetime of the tab, and its identity. */
export class DeskSession {
    /** @type {Promise<void>|null} */
    #asking = null;

    /** @param {KeptStorage} storage Session storage: a key is never stored permanently. */
    constructor(storage) {
        this.storage = storage;
        /**
         * `{key, name, role, stories, mediaBytes}` of `GET /key`; `key` is the public part. Null when nobody is signed
         * in.
         */
        this.identity = null;
    }

    get key() {
        return this.storage.getItem(KEY_NAME);
    }

    /** Identifies the key holder to whom a stored request belongs. */
    get holder() {
        return this.identity ? `${this.identity.key ?? ""} ${this.identity.name} ${this.identity.role}` : "";
    }

    /** The default author: the key's name, if it was created for a person. */
    get author() {
        const { key, name } = this.identity ?? {};
        return key && key !== CONFIGURED_KEY && name !== FIRST_KEY_NAME ? name : "";
    }

    /** Whether the key is not restricted to certain stories, and so may create new ones. */
    get isUnbound() {
        return this.identity?.stories === null;
    }

    get isAdmin() {
        return this.identity?.role === "admin";
    }

    /**
     * Validates a key with the server, and stores it if it is valid.
     * @param {DeskApi} api
     * @param {string} key
     * @throws {Refusal|Unreached}
     */
    async take(api, key) {
        const { value } = await api.once("GET", "/key", { key });
        this.storage.setItem(KEY_NAME, key);
        this.identity = value;
    }

    forget() {
        this.storage.removeItem(KEY_NAME);
        this.identity = null;
    }

    /**
     * Has the editor sign in; concurrent callers share one dialog.
     * @param {DeskApi} api
     * @param {string} why Shown above the field.
     * @param {() => void} onSignedIn
     * @returns {Promise<void>}
     * @throws {SignedOut} If the editor signs out instead.
     */
    ask(api, why, onSignedIn) {
        const asking = this.#asking ?? signInDialog(why, key => this.take(api, key)).then(isIn => {
            if (!isIn) throw new SignedOut(phrase("nobodySignedIn"));
            onSignedIn();
        }).finally(() => {
            this.#asking = null;
        });
        this.#asking = asking;
        return asking;
    }
}

/** Visible ASCII, the characters allowed in the `Authorization` header. */
const KEY_PATTERN = /^[!-~]+$/;

/** @param {string} why @param {(key: string) => Promise<void>} take */
function signInDialog(why, take) {
    return new Promise(resolve => {
        const dialog = elementAt(document, "#signin", HTMLDialogElement);
        const form = elementAt(dialog, "form", HTMLFormElement);
        const input = elementAt(dialog, "input", HTMLInputElement);
        const fault = elementAt(dialog, ".fault", HTMLElement);
        const leave = elementAt(dialog, "button[value=leave]", HTMLButtonElement);
        const listening = new AbortController();
        const options = { signal: listening.signal };
        /** @param {boolean} isIn */
        const end = isIn => {
            listening.abort();
            input.value = "";
            dialog.close();
            resolve(isIn);
        };
        fill(elementAt(dialog, ".why", HTMLElement), why);
        fill(fault);
        leave.hidden = !why;
        dialog.className = why ? "" : "first";
        form.addEventListener("submit", async event => {
            event.preventDefault();
            const words = await refusalOfKey(input.value.trim(), take);
            if (!words) return end(true);
            fill(fault, words);
            input.focus();
        }, options);
        input.addEventListener("input", () => fill(fault), options);
        leave.addEventListener("click", () => end(false), options);
        // Escape must not close it; a second press closes it regardless in browsers, hence the `close` listener.
        dialog.addEventListener("cancel", event => event.preventDefault(), options);
        dialog.addEventListener("close", () => dialog.showModal(), options);
        dialog.showModal();
        input.focus();
    });
}

// Tries a key. Returns why it was rejected, in words; null if it was accepted.
/** @param {string} key @param {(key: string) => Promise<void>} take */
async function refusalOfKey(key, take) {
    if (!key) return phrase("typeKey");
    if (!KEY_PATTERN.test(key)) return phrase("noKey");
    try {
        await take(key);
        return null;
    } catch (failure) {
        if (failure instanceof Refusal && failure.status === 401) return phrase("unknownKey");
        if (failure instanceof Refusal || failure instanceof Unreached) {
            return phrase("notSignedIn", { reason: failure.message });
        }
        throw failure;
    }
}
