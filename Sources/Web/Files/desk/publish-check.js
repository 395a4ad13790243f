// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Warnings before an update is published: dead links, and addresses that the story has just had.
import { make } from "../shared/dom.js";
import { confirmed } from "./dialogs.js";
import { labelOf } from "./labels.js";
import { shortTime } from "./local-times.js";
import { phrase } from "./phrases.js";

const JUST_PUBLISHED = 24 * 3600 * 1000;
const MOST_CHECKED = 20;
// An editor waits.
const MOST_CHECK_WAIT = 2500;

/**
 * Returns the addresses in an update: of its text, its sources and its links.
 * @param {Thing} values Its members, as in the API.
 * @returns {string[]} Each once.
 */
export function addressesIn({ body = "", sources = [], media = [] }) {
    const inText = [...body.matchAll(/\bhttps?:\/\/[^\s<>"`\\]+/gi)].map(([address]) => trimmedAddress(address));
    const others = [...sources, ...media.filter((/** @type {Thing} */ { type }) => type === "link")]
        .flatMap((/** @type {Thing} */ { url }) => url || []);
    return [...new Set([...inText, ...others])];
}

// Punctuation of the sentence, marks, and brackets that do not begin in the address.
/** @param {string} address */
function trimmedAddress(address) {
    for (let text = address; ;) {
        const isOpen = text.endsWith(")") && text.split("(").length < text.split(")").length;
        if (!isOpen && !/[.,;:!?'*_~|\]}]$/.test(text)) return text;
        text = text.slice(0, -1);
    }
}

/**
 * Returns the updates that have one of the addresses and were published within a day.
 * @param {string[]} addresses
 * @param {EditorUpdate[]} published
 * @param {string|null} id Of the update itself, which is left out.
 * @param {number} now Milliseconds since 1970.
 * @returns {{address: string, update: EditorUpdate}[]}
 */
export function repeatedAddresses(addresses, published, id, now = Date.now()) {
    const recent = published.filter(update => update.id !== id
        && now - Date.parse(update.publishedAt ?? "") < JUST_PUBLISHED);
    const known = recent.map(update => ({ update, own: new Set(addressesIn(update).map(comparable)) }));
    return addresses.flatMap(address => {
        const found = known.find(({ own }) => own.has(comparable(address)));
        return found ? [{ address, update: found.update }] : [];
    });
}

// Addresses that differ in nothing that matters are one.
/** @param {string} address */
function comparable(address) {
    const bare = address.replace(/#.*$/, "").replace(/([?&])utm_\w+=[^&]*/g, "$1").replace(/[?&]+$/, "")
        .replace(/\/$/, "");
    return bare.replace(/^https?:\/\/(?:www\.)?([^/?]*)/i, (_, host) => host.toLowerCase());
}

/** Asks once for each warning; never blocks. */
export class PublishCheck {
    /** @type {Set<string>} */
    #asked = new Set();
    /** @type {Set<string>} */
    #alive = new Set();

    /**
     * @param {Pick<DeskApi, "ask">} api
     * @param {() => EditorUpdate[]} published What is published in the story, as far as it is loaded.
     */
    constructor(api, published) {
        this.api = api;
        this.published = published;
    }

    /**
     * Returns whether an update is to be published, after a question if there is anything to warn of.
     * @param {Thing} values
     * @param {string|null} id
     * @param {string} verb Such as `Publish`.
     */
    async isMeant(values, id, verb) {
        const addresses = addressesIn(values);
        const warnings = [...repeatedAddresses(addresses, this.published(), id).map(repeatedLabel),
            ...(await this.#dead(addresses)).map(deadLabel)].filter(warning => !this.#asked.has(warning));
        if (warnings.length === 0) return true;
        for (const warning of warnings) this.#asked.add(warning);
        const list = make("ul", { class: "warnings" }, warnings.map(warning => make("li", {}, warning)));
        return confirmed(phrase("beforePublished"), [list], phrase("allTheSame", { action: verb }));
    }

    /** @param {string[]} addresses @returns {Promise<{url: string, status: number|null}[]>} */
    async #dead(addresses) {
        const urls = addresses.filter(address => !this.#alive.has(address)).slice(0, MOST_CHECKED);
        if (urls.length === 0) return [];
        const request = new AbortController();
        const timer = setTimeout(() => request.abort(), MOST_CHECK_WAIT);
        try {
            const { value } = await this.api.ask("POST", "/link-check", { json: { urls }, signal: request.signal });
            for (const { url, dead } of value.links) if (!dead) this.#alive.add(url);
            return value.links.filter((/** @type {{dead: boolean}} */ { dead }) => dead);
        } catch {
            // Without an answer there is nothing to warn of.
            return [];
        } finally {
            clearTimeout(timer);
        }
    }
}

/** @param {{address: string, update: EditorUpdate}} repeated */
function repeatedLabel({ address, update }) {
    return phrase("repeatedAddress", { address, time: shortTime(update.publishedAt), title: labelOf(update) });
}

/** @param {{url: string, status: number|null}} link */
function deadLabel({ url, status }) {
    return status ? phrase("deadLink", { url, status }) : phrase("deadServer", { url });
}
