// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { FOREIGN, WRITTEN, bodyContent, isGiven, make, named } from "./dom.js";
import { sheetsOf } from "./card-sheets.js";

// Cards of addresses, and their frames: content of third parties, of which nothing is loaded before the reader
// consents. Pages and widgets load this module with the first card that they have; until then addresses are links.
//
// The markup mirrors the server's CardMarkup.swift. Change both together.

/** A paragraph that is nothing but an address. */
const ALONE = /<p><a href="([^"]*)">(?:https?:\/\/|www\.)[^<]*<\/a><\/p>/gi;

/**
 * Returns what places the cards of an update in its markup, each once.
 * @param {Pick<Update, "cards">} update
 * @param {MarkupContext} context
 * @returns {CardPlaces}
 */
export function placeCards({ cards }, context) {
    // Servers of earlier versions send none.
    const left = [...cards ?? []];
    // Addresses of the server are completed with those of the text.
    const inBody = { ...context, base: "" };
    /** @param {string} url */
    const taken = url => {
        const index = left.findIndex(card => card.url === url);
        return index < 0 ? null : left.splice(index, 1)[0];
    };
    return {
        body(html) {
            /** @type {Card[]} */
            const placed = [];
            const content = bodyContent(html.replace(ALONE, (paragraph, href) => {
                const card = taken(href.replace(/&amp;/g, "&").replace(/&#x27;/g, "'"));
                return card ? `<p data-card="${placed.push(card) - 1}"></p>` : paragraph;
            }));
            for (const [index, card] of placed.entries()) {
                content.querySelector(`[data-card="${index}"]`)?.replaceWith(cardElement(card, inBody));
            }
            return content;
        },
        medium({ type, url, caption, alt, credit }) {
            const card = type === "link" ? taken(url) : null;
            return card && cardElement({ ...card, title: caption ?? alt ?? card.title, credit }, context);
        },
        others: () => left.map(card => cardElement(card, context)),
    };
}

/**
 * Renders a card: a link with texts, and the room of a frame.
 * @param {Card & { credit?: string|null }} card
 * @param {MarkupContext} context
 */
function cardElement(card, { embeds, base = "" }) {
    const { url, kind, provider, title, description, author, thumbnail, frame, credit } = card;
    const { thumbnailWidth: width, thumbnailHeight: height } = card;
    const names = [provider, author, credit].filter(isGiven);
    return make(
        "div",
        { class: "card", "data-kind": kind },
        frame && embeds !== "never" && make("div", {
            class: `frame f${frame.size.replace("/", "-")}`, "data-frame": frame.url, "data-provider": provider,
        }),
        make(
            "a",
            { href: url, rel: FOREIGN, ...WRITTEN },
            thumbnail && make("img", {
                src: base + thumbnail + (Number(width) > 320 ? "/320.webp" : ""), width, height, alt: "",
                loading: "lazy", decoding: "async",
            }),
            make("strong", {}, title ?? url),
        ),
        names.length > 0
            && make("p", { class: "from" }, names.map((name, index) => [index > 0 ? " · " : null, named(name)])),
        isGiven(description) && make("p", { class: "about", ...WRITTEN }, description),
    );
}

// --- frames ---

/** Where consent is remembered: the names of providers. */
const NAME = "wireroom.embeds";

/** The documents and shadow roots that have frames, with their words. @type {Map<Node, Words>} */
const roots = new Map();

/** Providers that the reader always wants to see. @type {Set<string>} */
let allowed = read();

/**
 * Fills the frames below a root that are empty: with their content, or with a question.
 * @param {Document|ShadowRoot} root
 * @param {string|undefined} policy
 * @param {Words} words
 */
export function activate(root, policy = "ask", words) {
    if (roots.size === 0) addEventListener("storage", follow);
    if (!roots.has(root)) root.adoptedStyleSheets = [...root.adoptedStyleSheets, ...sheetsOf(root)];
    roots.set(root, words);
    for (const box of boxes(root)) {
        if (box.firstChild) continue;
        if (policy === "always") show(box, false);
        else draw(box);
    }
}

/** @param {HTMLElement} box */
function draw(box) {
    if (allowed.has(providerOf(box))) show(box, true);
    else ask(box);
}

/**
 * Asks for consent.
 * @param {HTMLElement} box
 */
function ask(box) {
    const provider = providerOf(box);
    const { hostname: host } = new URL(box.dataset.frame ?? "");
    const words = wordsOf(box);
    const always = make("input", { type: "checkbox" });
    /** @param {Event} event */
    const press = event => {
        event.stopPropagation();
        if (always.checked) {
            remember(provider, true);
            redraw(provider);
        } else show(box, true);
        box.querySelector("iframe")?.focus({ preventScroll: true });
    };
    box.replaceChildren(
        make(
            "div",
            { class: "consent" },
            make("button", { type: "button", click: press }, words.say("showContent", { provider })),
            make("p", {}, words.say("comesFrom", { host })),
        ),
        make("label", {}, always, " ", words.say("alwaysShow", { provider })),
    );
}

/**
 * Shows the content; with `canEnd`, also a button that withdraws the consent.
 * @param {HTMLElement} box
 * @param {boolean} canEnd
 */
function show(box, canEnd) {
    const provider = providerOf(box);
    const title = box.parentElement?.querySelector("a")?.textContent ?? "";
    const frame = make("iframe", {
        title: `${title} – ${provider}`, loading: "lazy", referrerpolicy: "strict-origin-when-cross-origin",
        sandbox: "allow-scripts allow-same-origin allow-popups allow-presentation", allowfullscreen: true,
        allow: "fullscreen; encrypted-media; picture-in-picture", src: box.dataset.frame,
    });
    /** @param {Event} event */
    const end = event => {
        event.stopPropagation();
        remember(provider, false);
        redraw(provider);
        box.querySelector("button")?.focus({ preventScroll: true });
    };
    const words = wordsOf(box);
    box.replaceChildren(
        frame, canEnd ? make("button", { type: "button", click: end }, words.say("stopShowing", { provider })) : "");
}

/**
 * Shows all frames of a provider, or asks again in all.
 * @param {string} provider
 */
function redraw(provider) {
    for (const root of roots.keys()) {
        for (const box of boxes(root)) if (providerOf(box) === provider && box.firstChild) draw(box);
    }
}

/** @param {HTMLElement} box @returns {Words} */
function wordsOf(box) {
    return (
        /** @type {Words} */
        (roots.get(box.getRootNode()))
    );
}

/** @param {Node} root */
function boxes(root) {
    return (
        /** @type {HTMLElement[]} */
        ([.../** @type {Document} */ (root).querySelectorAll(".frame")])
    );
}

/** @param {HTMLElement} box */
function providerOf(box) {
    return box.dataset.provider ?? "";
}

// --- memory ---

function read() {
    try {
        const names = JSON.parse(localStorage.getItem(NAME) ?? "[]");
        return new Set(Array.isArray(names) ? names.map(String) : []);
    } catch {
        // Storage is forbidden, or has something else.
        return new Set();
    }
}

/** @param {string} provider @param {boolean} isAllowed */
function remember(provider, isAllowed) {
    if (isAllowed) allowed.add(provider);
    else allowed.delete(provider);
    try {
        if (allowed.size > 0) localStorage.setItem(NAME, JSON.stringify([...allowed]));
        else localStorage.removeItem(NAME);
    } catch {
        // For this page only.
    }
}

/**
 * What was decided in another window.
 * @param {StorageEvent} event
 */
function follow({ key }) {
    if (key !== NAME && key !== null) return;
    const before = allowed;
    allowed = read();
    for (const provider of new Set([...before, ...allowed])) {
        if (before.has(provider) !== allowed.has(provider)) redraw(provider);
    }
}
