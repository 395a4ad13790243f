// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { FOREIGN, bodyContent, isGiven, make, named, written } from "./dom.js";
import { countText } from "./count-text.js";
import { figcaption, picturesElement } from "./picture.js";
import { textLanguage } from "./text-language.js";

// Mirrors the server's UpdateMarkup.swift for changes on an open page. Change both together: a page that was followed
// must equal a fresh one. Tests/Golden/updates.json verifies this.

/**
 * Renders an update. `counts`: {kind: count}; `context`: {slug, kinds, words, base, titleOf,
 * canShare}, where `base` is the
 * server's origin on other sites, and `titleOf(update)` the value of `data-title`.
 * @param {Update} update
 * @param {ReactionCounts} counts
 * @param {MarkupContext} context
 */
export function updateElement(update, counts, context) {
    const marks = [["key", update.keyEvent], ["pinned", update.pinned], ["stricken", update.stricken]];
    const names = marks.filter(([, holds]) => holds).map(([name]) => name);
    const { words } = context;
    const body = bodyContent(update.bodyHtml);
    const title = context.titleOf?.(update);
    const language = textLanguage(update, title ?? update.title ?? body.textContent ?? "", context.language);
    // Everything in it is in its language.
    context = { ...context, language };
    const cards = context.placeCards?.(update, context);
    return make(
        "article",
        {
            class: ["update", ...names].join(" "), id: `u-${update.id}`, "data-id": update.id, "data-seq": update.seq,
            "data-published": update.publishedAt, "data-title": title,
        },
        updateHead(update, context),
        update.stricken && retraction(update.stricken, words),
        bodyElement(cards ? cards.body(update.bodyHtml) : body, context),
        mediaContent(update.media, context, cards),
        cards?.others(),
        update.sources.length > 0 && make(
            "p", { class: "sources" },
            words.parts("sources", {
                names: update.sources.map((source, index) => updateSource(source, index, words)),
            })),
        update.tags.length > 0
            && make("ul", { class: "tags" }, update.tags.map(tag => make("li", {}, viewLink("tag", tag, context)))),
        make(
            "footer", {}, !update.stricken && reactionButtons(counts, context),
            context.canShare && shareButton(words)),
    );
}

/**
 * Renders a button for each kind of reaction.
 * @param {ReactionCounts} counts
 * @param {Pick<MarkupContext, "kinds"|"words">} options
 */
export function reactionButtons(counts, { kinds, words }) {
    return kinds.map(kind => make(
        "button",
        { type: "button", class: "react", "data-kind": kind, "aria-pressed": "false", disabled: true },
        `${kindLabel(kind, words)} `,
        make("span", { class: "count" }, countText(counts[kind])),
    ));
}

/**
 * The label of a kind: from the catalogue, or made of its name: "Well done" for `wellDone`.
 * @param {string} kind
 * @param {Words} words
 */
export function kindLabel(kind, words) {
    const key = "reaction." + kind;
    if (words.has(key)) return words.say(key);
    const name = kind.replace(/(?!^)[A-Z]/g, " $&").toLowerCase();
    return name[0].toUpperCase() + name.slice(1);
}

/**
 * Renders a time; `Times.refresh` writes its text.
 * @param {string} iso
 */
export function timeElement(iso) {
    return make("time", { datetime: iso });
}

/**
 * The URL of an update's page.
 * @param {string} id
 * @param {Pick<MarkupContext, "slug"|"base">} options
 */
export function updateAddress(id, { base = "", slug }) {
    return `${base}/live/${slug}/${id}`;
}

/**
 * Renders the button that shares an update.
 * @param {Words} words
 */
function shareButton(words) {
    return make("button", { type: "button", class: "share", disabled: true }, words.say("share"));
}

/**
 * Renders a link to the updates with a tag, or by an author.
 * @param {"tag"|"author"} name
 * @param {string} value
 * @param {Pick<MarkupContext, "slug"|"base">} options
 */
function viewLink(name, value, { base = "", slug }) {
    // The server, too, encodes all but the unreserved characters (RFC 3986 section 2.3).
    const encoded = encodeURIComponent(value)
        .replace(/[!'()*]/g, mark => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
    return make("a", { href: `${base}/live/${slug}?${name}=${encoded}` }, named(value));
}

/**
 * Renders a link to another site; without a URL, the content alone.
 * @param {string|null} url
 * @param {...Content} content
 */
export function foreignLink(url, ...content) {
    return url ? make("a", { href: url, rel: FOREIGN }, content) : content;
}

/** @param {Update} update @param {MarkupContext} context */
function updateHead(update, context) {
    const { words } = context;
    const marks = [["pinned", update.pinned], ["keyEvent", update.keyEvent], ["edited", update.edited]];
    const address = updateAddress(update.id, context);
    return make(
        "header",
        {},
        make("a", { class: "permalink", href: address }, timeElement(update.publishedAt)),
        marks.filter(([, holds]) => holds).map(([key]) => make("span", { class: "mark" }, words.say(String(key)))),
        isGiven(update.title) && make("h3", written(context.language), update.title),
        isGiven(update.author) && make("p", { class: "author" }, viewLink("author", update.author, context)),
        update.occurredAt
            && make("p", { class: "occurred" }, words.parts("happened", { time: timeElement(update.occurredAt) })),
    );
}

/** @param {{ at: string, reason: string }} options @param {Words} words */
function retraction({ at, reason }, words) {
    const retracted = make("strong", {}, words.say("retracted"));
    const parts = words.parts("retraction", { retracted, time: timeElement(at), reason: named(reason) });
    return make("p", { class: "retraction" }, parts);
}

/** @param {DocumentFragment} content @param {MarkupContext} context */
function bodyElement(content, { base, language }) {
    // On other sites root-relative URLs must point to the server.
    for (const name of base ? ["href", "src"] : []) {
        for (const node of content.querySelectorAll(`[${name}^="/"]`)) {
            node.setAttribute(name, `${base}${node.getAttribute(name)}`);
        }
    }
    return make("div", { class: "body", ...written(language) }, content);
}

/** @param {Media[]} media @param {MarkupContext} context @param {CardPlaces|undefined} cards */
function mediaContent(media, context, cards) {
    const pictures = media.filter(({ type }) => type === "image");
    return media.map(medium => {
        if (medium.type === "image") return medium === pictures[0] && picturesElement(pictures, context);
        return cards?.medium(medium) ?? mediumElement(medium, context);
    });
}

/** @param {Media} medium @param {MarkupContext} context */
function mediumElement(medium, context) {
    const { type, url, alt, caption, credit, width, height } = medium;
    if (type === "link") {
        const small = isGiven(credit) && [" · ", make("small", {}, named(credit))];
        return make("p", { class: "media" }, foreignLink(url, named(caption ?? alt ?? url)), small);
    }
    const size = type === "video" ? { width, height } : {};
    const attributes = { src: url, controls: true, preload: "none", ...size, "aria-label": alt };
    return make("figure", {}, make(type === "video" ? "video" : "audio", attributes), figcaption(medium, context));
}

/** @param {Update["sources"][number]} options @param {number} index @param {Words} words */
function updateSource({ name, url }, index, words) {
    return [index > 0 ? words.say("listSeparator") : null, foreignLink(url, named(name))];
}

// --- reconciliation ---

/**
 * Reconciles an element with a newly made one, leaving equal nodes alone, so that focus, playing media and selections
 * are kept. Skips the texts of times and reaction buttons, which are updated separately, what only scripts
 * set, and what the reader has opened.
 * @param {Element} old
 * @param {Element} made
 */
export function renew(old, made) {
    if (old.localName === "time" && old.getAttribute("datetime") === made.getAttribute("datetime")) return;
    if (old.matches("button.react, button.share")) return;
    // What a frame shows, or asks, goes on.
    const frame = old.getAttribute("data-frame");
    if (frame && frame === made.getAttribute("data-frame")) return;
    /** @param {Attr} attribute */
    const mayChange = ({ name }) => !["style", "open", "data-here", "data-broken"].includes(name);
    for (const { name } of [...old.attributes].filter(mayChange)) {
        if (!made.hasAttribute(name)) old.removeAttribute(name);
    }
    for (const { name, value } of [...made.attributes].filter(mayChange)) {
        if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    renewChildren(old, made);
}

/** @param {Node} old @param {Node} made */
function renewChildren(old, made) {
    let next = old.firstChild;
    for (const child of [...made.childNodes]) {
        const found = laterLike(next, child) ?? (isLike(next, child) && !laterLike(child, next) ? next : null);
        if (!found) {
            old.insertBefore(child, next);
            continue;
        }
        while (next && next !== found) next = dropped(next);
        if (found instanceof Element && child instanceof Element) renew(found, child);
        else found.nodeValue = child.nodeValue;
        next = found.nextSibling;
    }
    while (next) next = dropped(next);
}

/**
 * The first node, from `node` on, that equals `other` or has its `data-id`.
 * @param {ChildNode|null} node
 * @param {ChildNode|null} other
 */
function laterLike(node, other) {
    for (let next = node; next && other; next = next.nextSibling) {
        if (next.isEqualNode(other) || (dataId(next) && dataId(next) === dataId(other))) return next;
    }
    return null;
}

/**
 * Whether a node can be reconciled with another.
 * @param {Node|null} node
 * @param {Node} other
 */
function isLike(node, other) {
    return node?.nodeName === other.nodeName && dataId(node) === dataId(other);
}

/** @param {Node|null} node */
function dataId(node) {
    return node instanceof HTMLElement ? node.dataset.id : undefined;
}

/** @param {ChildNode} node */
function dropped(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
}
