// SPDX-License-Identifier: Apache-2.0
// @ts-check
// Preview of the reader's page in a frame.
import { CATALOGUE } from "../shared/catalogue.js";
import { make } from "../shared/dom.js";
import { Times } from "../shared/times.js";
import { Words } from "../shared/words.js";
import { SignedOut } from "./api.js";
import { openDialog } from "./dialogs.js";
import { button, fill } from "./elements.js";
import { mainButton } from "./form-parts.js";
import { shortTime } from "./local-times.js";
import { phrase, phraseParts } from "./phrases.js";

// The id that the server's preview gives an update that has not been saved yet.
const NEW_UPDATE_ID = "00000000-0000-7000-8000-000000000000";
const FRAME_HINT = phrase("frameHint");

/**
 * Shows a story as its readers will see it, even while it is a draft.
 * @param {Desk} desk
 * @param {{ id: string, slug: string }} options
 */
export function showStoryPage(desk, { id, slug }) {
    return showPage(() => desk.api.ask("GET", `/live/${slug}`, { isPage: true }), {
        link: () => hourLink(desk, id, null),
    });
}

/**
 * Shows the page of a story with an update on it that is not published.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {string} id The update's id.
 * @param {Thing} values Its members, as in the API.
 */
export async function showDraftPage(desk, story, id, values) {
    const path = `/stories/${story}/preview?update=${id}`;
    const page = await desk.api.ask("POST", path, { json: values, isPage: true });
    await showPage(async () => page, { fragment: `#u-${id}`, link: () => hourLink(desk, story, id) });
}

/**
 * @param {Desk} desk @param {string} story @param {string|null} update
 * @returns {Promise<{url: string, expiresAt: string}>}
 */
async function hourLink(desk, story, update) {
    return (await desk.api.ask("POST", `/stories/${story}/previews`, { json: { update } })).value;
}

/**
 * Shows the page of a story with an unsaved version of an update on it.
 * @param {Desk} desk
 * @param {string} story Id.
 * @param {Thing} values The update's members, as in the API.
 * @param {string|null} id The update's id, if it has been saved before.
 * @returns {Promise<void>}
 * @throws {Refusal|Unreached} If the server does not render the page.
 */
export async function showUpdatePage(desk, story, values, id = null) {
    const path = `/stories/${story}/preview${id ? `?update=${id}` : ""}`;
    const page = await desk.api.ask("POST", path, { json: values, isPage: true });
    await showPage(async () => page, { fragment: `#u-${id ?? NEW_UPDATE_ID}` });
}

/**
 * @param {() => Promise<Answer>} read Reads the HTML.
 * @param {{fragment?: string, link?: () => Promise<{url: string, expiresAt: string}>}} options `fragment`: to scroll
 *   to; `link`: makes an address of the page, where it has one.
 */
function showPage(read, { fragment = "", link }) {
    const frame = new PageFrame();
    const place = make("div", { class: "page-place" }, frame.node);
    const fault = make("p", { class: "fault", role: "alert" });
    const phone = button(phrase("asOnPhone"), () => {
        const isPhone = place.classList.toggle("phone");
        phone.setAttribute("aria-pressed", String(isPhone));
    }, { "aria-pressed": "false" });
    Promise.resolve().then(read).then(({ value }) => frame.show(value, fragment))
        .catch(failure => failure instanceof SignedOut
            || fill(fault, phrase("noPreview", { reason: failure.message })));
    const told = make("p", { role: "status" });
    return openDialog(phrase("previewTitle"), [place, fault, told, make("p", { class: "hint" }, FRAME_HINT)],
        close => [
            phone, link && button(phrase("linkForHour"), () => tellLink(link, told)),
            mainButton(phrase("done"), () => close(true), { autofocus: true }),
        ], { isWide: true })
        .finally(() => frame.close());
}

/** A frame with a page of readers in which nothing runs. */
export class PageFrame {
    #url = "";
    /** @type {"light"|"dark"|null} The scheme that is shown whatever the browser is set to. */
    scheme = null;

    constructor() {
        // Nothing runs in it: neither does the sandbox allow scripts, nor does the page have any. Its origin is that of
        // the desk, so that its style can be set: the desk's policy, which it inherits, allows no inline style.
        this.node = make("iframe", { class: "page", sandbox: "allow-same-origin", title: phrase("thePage") });
    }

    /**
     * Shows a page.
     * @param {string} html As the server writes it.
     * @param {string} place The selector of the element to scroll to; without it, the page stays where it is.
     */
    show(html, place = "") {
        const style = /<style>([^]*?)<\/style>/.exec(html)?.[1] ?? "";
        const top = this.node.contentWindow?.scrollY ?? 0;
        this.node.onload = () => {
            this.#paint(style);
            this.#writeTimes();
            if (place) this.node.contentDocument?.querySelector(place)?.scrollIntoView();
            else this.node.contentWindow?.scrollTo(0, top);
        };
        this.close();
        const page = stillPage(html.replace(/<style>[^]*?<\/style>/, ""));
        this.#url = URL.createObjectURL(new Blob([inScheme(page, this.scheme)], { type: "text/html" }));
        this.node.src = this.#url;
    }

    /** @param {string} style */
    #paint(style) {
        const { contentDocument: page, contentWindow: view } = this.node;
        if (!page || !view) return;
        // Only a sheet that its own document has made can be adopted.
        const sheet = new (/** @type {typeof globalThis} */ (/** @type {unknown} */ (view))).CSSStyleSheet();
        // The frame's own address has no origin to which paths would lead.
        const absolute = style.replace(/url\((["']?)\/(?!\/)/g, `url($1${location.origin}/`);
        sheet.replaceSync(inScheme(absolute, this.scheme));
        page.adoptedStyleSheets = [sheet];
    }

    // As the page's script writes them for readers: by the story's zone, else by that of the browser.
    #writeTimes() {
        const { contentDocument: page } = this.node;
        if (!page) return;
        const zone = page.querySelector("[data-zone]")?.getAttribute("data-zone") ?? undefined;
        new Times(new Words({ ...CATALOGUE, language: page.documentElement.lang }), zone).refresh(page);
    }

    close() {
        if (this.#url) URL.revokeObjectURL(this.#url);
        this.#url = "";
    }
}

/**
 * Replaces what markup or style asks of the browser's colour scheme by a fixed answer.
 * @param {string} text
 * @param {"light"|"dark"|null} scheme Null leaves it as it is.
 */
export function inScheme(text, scheme) {
    if (!scheme) return text;
    const isDark = scheme === "dark";
    return text.replace(/\(prefers-color-scheme:\s*(light|dark)\)/g,
        (_, asked) => (asked === "dark") === isDark ? "(min-width: 0)" : "(max-width: 0)")
        .replace(/color-scheme:\s*light dark/g, `color-scheme: ${scheme}`);
}

/** @param {() => Promise<{url: string, expiresAt: string}>} link @param {HTMLElement} place */
async function tellLink(link, place) {
    try {
        const { url, expiresAt } = await link();
        const isCopied = await navigator.clipboard?.writeText(url).then(() => true, () => false);
        const values = {
            link: make("a", { href: url, target: "_blank", rel: "noopener" }, url), time: shortTime(expiresAt),
        };
        fill(place, ...isCopied ? phraseParts("linkIsCopied", values) : phraseParts("linkUntil", values));
    } catch (failure) {
        if (!(failure instanceof SignedOut)) fill(place, phrase("noLink", { reason: failure.message }));
    }
}

/**
 * Prepares a page for the frame: without scripts, which the sandbox would block with an error, and with absolute
 * addresses of its pictures, as the frame's own address has no origin.
 * @param {string} html As the server writes it: no attribute has a `>`.
 */
function stillPage(html) {
    const absolute = (/** @type {string} */ list) => list.replace(/(^|, )\/(?!\/)/g, `$1${location.origin}/`);
    return html.replace(/<script(?: [^>]*src=[^>]*)?>[^]*?<\/script>/g, "").replace(/<(?:img|source) [^>]*>/g, tag =>
        tag.replace(/ (src|srcset)="([^"]*)"/g, (_, name, list) => ` ${name}="${absolute(list)}"`));
}
