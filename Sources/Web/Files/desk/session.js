// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The editor's session.
import { SignedOut } from "./api.js";
import { phrase } from "./phrases.js";
import { SignInDialog } from "./sign-in.js";
import { attempted } from "./storage.js";
import { TabChannel } from "./tab-channel.js";

const KEY_NAME = "wireroom.desk.key";
// Keys not named after a person: that of the configuration, and the one created at the server's first start.
const CONFIGURED_KEY = "configuration";
const FIRST_KEY_NAME = "first";

/** The editor's session: the key and its identity. */
export class DeskSession {
    /** @type {Promise<void>|null} */
    #asking = null;

    /**
     * @param {KeptStorage} tab Session storage, which has the key as long as the tab is open.
     * @param {KeptStorage} kept Local storage, which has it only if the editor wants to stay signed in.
     * @param {{onIn: () => void, onOut: () => void, open?: (name: string) => BroadcastChannel}} events `onIn`: before
     * a valid key is kept or told; `onOut`: the editor has signed out in another tab.
     */
    constructor(tab, kept, { onIn, onOut, open }) {
        this.tab = tab;
        this.kept = kept;
        this.onIn = onIn;
        this.tabs = new TabChannel({ key: () => this.identity && !this.#asking ? this.key : null, onOut, open });
        /**
         * `{key, name, role, stories, mediaBytes}` of `GET /key`; `key` is the public part. Null when nobody is signed
         * in.
         */
        this.identity = null;
    }

    get key() {
        return this.tab.getItem(KEY_NAME) ?? this.kept.getItem(KEY_NAME);
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
     * Validates a key with the server, and takes it for this tab if it is valid.
     * @param {DeskApi} api
     * @param {string} key
     * @returns {Promise<string>} Its name.
     * @throws {Refusal|Unreached}
     */
    async take(api, key) {
        const { value } = await api.once("GET", "/key", { key });
        this.onIn();
        this.tab.setItem(KEY_NAME, key);
        this.identity = value;
        return value.name;
    }

    /**
     * Has the editor stay signed in in this browser, or no longer.
     * @param {boolean} isWanted
     */
    stay(isWanted) {
        const { key } = this;
        if (isWanted && key) attempted(() => this.kept.setItem(KEY_NAME, key), undefined);
        else this.kept.removeItem(KEY_NAME);
    }

    /** No longer keeps the key, which the server has refused. */
    dropKept() {
        if (this.kept.getItem(KEY_NAME) === this.key) this.stay(false);
    }

    forget() {
        this.tab.removeItem(KEY_NAME);
        this.kept.removeItem(KEY_NAME);
        this.identity = null;
    }

    /** Forgets the key in all tabs. */
    signOut() {
        this.forget();
        this.tabs.tellOut();
    }

    /**
     * Has the editor sign in; concurrent callers share one dialog. It closes, too, when the editor signs in in another
     * tab.
     * @param {DeskApi} api
     * @param {string} why Shown above the field.
     * @param {() => void} onSignedIn
     * @returns {Promise<void>}
     * @throws {SignedOut} If the editor signs out instead.
     */
    ask(api, why, onSignedIn) {
        const asking = this.#asking ?? this.#askByDialog(api, why).then(onSignedIn).finally(() => {
            this.#asking = null;
        });
        this.#asking = asking;
        return asking;
    }

    /** @param {DeskApi} api @param {string} why */
    async #askByDialog(api, why) {
        const canLeave = this.identity !== null;
        const dialog = new SignInDialog({ why, canLeave, take: key => this.take(api, key) });
        const stop = this.tabs.listen(key => dialog.offer(key));
        const answer = await dialog.answer;
        stop();
        if (answer === "leave") throw new SignedOut(phrase("nobodySignedIn"));
        if (answer === "offered" || !this.key) return;
        this.stay(answer === "stay");
        this.tabs.tellKey(this.key);
    }
}
