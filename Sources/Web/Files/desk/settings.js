// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Settings of the desk in this browser.

const SETTINGS_NAME = "wireroom.desk.settings";
/** Kept for good: pages for readers load no scripts of third parties in a browser that has it (`reader/consent.js`). */
const USED_NAME = "wireroom.desk.used";

/**
 * @typedef {{keys: boolean, sound: boolean, language: string, author: string, isAuthorAsked: boolean}} SettingValues
 */

/** @type {SettingValues} */
const DEFAULT_SETTINGS = { keys: true, sound: false, language: "", author: "", isAuthorAsked: false };

/**
 * `keys`: whether single keys are shortcuts (WCAG 2.1.4). `sound`: whether a tone is played for colleagues' updates.
 * `language` of the desk, if it was chosen; else empty. `author` of updates, where the key is not named after a person,
 * and whether the editor `isAuthorAsked`.
 */
export class DeskSettings {
    /** @type {SettingValues} */
    #values;

    /** @param {KeptStorage} storage */
    constructor(storage) {
        this.storage = storage;
        this.#values = { ...DEFAULT_SETTINGS, ...storedSettings(storage) };
    }

    /** Remembers that somebody has signed in to the desk in this browser. */
    markUsed() {
        try {
            this.storage.setItem(USED_NAME, "yes");
        } catch { /* Then nothing else of the desk is kept there, either. */ }
    }

    /**
     * @template {keyof SettingValues} Name
     * @param {Name} name
     */
    get(name) {
        return this.#values[name];
    }

    /**
     * @template {keyof SettingValues} Name
     * @param {Name} name
     * @param {SettingValues[Name]} value
     */
    set(name, value) {
        this.#values[name] = value;
        try {
            this.storage.setItem(SETTINGS_NAME, JSON.stringify(this.#values));
        } catch { /* Then it holds until the page is closed. */ }
    }
}

/**
 * @param {KeptStorage} storage
 * @returns {Partial<SettingValues>}
 */
function storedSettings(storage) {
    try {
        const stored = JSON.parse(storage.getItem(SETTINGS_NAME) ?? "{}");
        const known = Object.entries(DEFAULT_SETTINGS).filter(([name, value]) => typeof stored[name] === typeof value);
        return Object.fromEntries(known.map(([name]) => [name, stored[name]]));
    } catch {
        return {};
    }
}
