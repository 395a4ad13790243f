// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Who may come in.
import { Refusal, SignedOut, Unreached } from "./api.js";
import { elementAt, fill } from "./elements.js";

const KEY_NAME = "wireroom.desk.key";
// Of keys that nobody has named after a person: that of the server's configuration, and the one of its first start.
const CONFIGURED_KEY = "configuration";
const FIRST_KEY_NAME = "first";

/** The editor's key, as long as the tab lives, and what it is good for. */
export class DeskSession {
    /** @type {Promise<void>|null} */
    #asking = null;

    /** @param {KeptStorage} storage Of the session: a key is never written where it would stay. */
    constructor(storage) {
        this.storage = storage;
        /** `{key, name, role, stories}` of `GET /key`; `key` is the public part. Null when nobody is signed in. */
        this.identity = null;
    }

    get key() {
        return this.storage.getItem(KEY_NAME);
    }

    /** Whom a request is known by again. */
    get holder() {
        return this.identity ? `${this.identity.key ?? ""} ${this.identity.name} ${this.identity.role}` : "";
    }

    /** Who writes, unless they say otherwise: a key that was made for somebody has their name. */
    get author() {
        const { key, name } = this.identity ?? {};
        return key && key !== CONFIGURED_KEY && name !== FIRST_KEY_NAME ? name : "";
    }

    /** Whether the key reaches all stories, and may make new ones. */
    get isUnbound() {
        return this.identity?.stories === null;
    }

    get isAdmin() {
        return this.identity?.role === "admin";
    }

    /**
     * Asks the server what a key is good for, and keeps it if it is good.
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
     * Has the editor sign in; all who ask meanwhile wait for the same dialog.
     * @param {DeskApi} api
     * @param {string} why Shown above the field.
     * @param {() => void} onSignedIn
     * @returns {Promise<void>}
     * @throws {SignedOut} If the editor leaves instead.
     */
    ask(api, why, onSignedIn) {
        const asking = this.#asking ?? signInDialog(why, key => this.take(api, key)).then(isIn => {
            if (!isIn) throw new SignedOut("nobody is signed in");
            onSignedIn();
        }).finally(() => {
            this.#asking = null;
        });
        this.#asking = asking;
        return asking;
    }
}

/** What can be typed as a key: a header takes no other characters. */
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
        // Escape leads nowhere; browsers let it through the second time.
        dialog.addEventListener("cancel", event => event.preventDefault(), options);
        dialog.addEventListener("close", () => dialog.showModal(), options);
        dialog.showModal();
        input.focus();
    });
}

// Why a key is not taken, in words; null where it is.
/** @param {string} key @param {(key: string) => Promise<void>} take */
async function refusalOfKey(key, take) {
    if (!key) return "Type or paste your key.";
    if (!KEY_PATTERN.test(key)) return "That is no key: a key has no spaces, and no letters beyond a to z.";
    try {
        await take(key);
        return null;
    } catch (failure) {
        if (failure instanceof Refusal && failure.status === 401) return "The server does not know this key.";
        if (failure instanceof Refusal || failure instanceof Unreached) return `Not signed in: ${failure.message}.`;
        throw failure;
    }
}
