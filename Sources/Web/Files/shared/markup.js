import { plainTime } from "./times.js";

// What the server writes (UpdateMarkup.swift), for what changes on an open page: the two are to be changed together,
// since a page that was followed must be the same as a fresh one. Nothing is ever made of text but text, except of
// `bodyHtml`, which the server has made safe.

const FOREIGN = "noopener noreferrer nofollow";

/** An element. Attributes and children that are null, undefined or false are left out; true is an empty attribute. */
export function element(name, attributes, ...children) {
    const made = document.createElement(name);
    for (const [attribute, value] of Object.entries(attributes ?? {})) {
        if (isGiven(value)) made.setAttribute(attribute, value === true ? "" : value);
    }
    made.append(...children.flat(Infinity).filter(isGiven));
    // Two texts side by side are one in a page that was read.
    made.normalize();
    return made;
}

/**
 * An update of the API. `counts`: {kind: count}; `context`: {slug, kinds, base, titleOf}, where `base` is the origin of
 * the server for pages of others, and `titleOf(update)` the title that the element is to carry.
 */
export function updateElement(update, counts, context) {
    const marks = [["key", update.keyEvent], ["pinned", update.pinned], ["stricken", update.stricken]];
    const names = marks.filter(([, holds]) => holds).map(([name]) => name);
    return element(
        "article",
        {
            class: ["update", ...names].join(" "), id: `u-${update.id}`, "data-id": update.id, "data-seq": update.seq,
            "data-published": update.publishedAt, "data-title": context.titleOf?.(update),
        },
        updateHead(update, context),
        update.stricken && retraction(update.stricken),
        bodyElement(update.bodyHtml, context.base),
        update.media.map(mediumElement),
        update.sources.length > 0 && element("p", { class: "sources" }, "Sources: ", update.sources.map(updateSource)),
        update.tags.length > 0
            && element("ul", { class: "tags" }, update.tags.map(tag => element("li", {}, nameElement(tag)))),
        element("footer", {}, reactionButtons(counts, context)),
    );
}

/** A button for each kind of reaction. */
export function reactionButtons(counts, { kinds }) {
    return kinds.map(kind => element(
        "button",
        { type: "button", class: "react", "data-kind": kind, "aria-pressed": "false", disabled: true },
        `${kindWords(kind)} `,
        element("span", { class: "count" }, countText(counts[kind])),
    ));
}

/** A count of reactions; none is not worth a number. */
export function countText(count) {
    return count > 0 ? String(count) : "";
}

/** For people: "Very good" of `veryGood`. */
export function kindWords(kind) {
    const words = kind.replace(/(?!^)[A-Z]/g, " $&").toLowerCase();
    return words[0].toUpperCase() + words.slice(1);
}

/** A time of the API, as it is before `refreshTimes`. */
export function timeElement(iso) {
    return element("time", { datetime: iso }, plainTime(iso));
}

/** The address of an update's page. */
export function updateAddress(id, { base = "", slug }) {
    return `${base}/live/${slug}/${id}`;
}

/** A name among words of ours: in its own direction, and in a language that is not known. */
export function nameElement(name) {
    return element("bdi", { lang: "" }, name);
}

/** For what an editor wrote, in its own direction and in a language that is not known. */
export const WRITTEN = { dir: "auto", lang: "" };

/** A link to pages of others, who are vouched for by nobody; without an address the content alone. */
export function foreignLink(url, ...content) {
    return url ? element("a", { href: url, rel: FOREIGN }, content) : content;
}

function updateHead(update, context) {
    const marks = [["Pinned", update.pinned], ["Key event", update.keyEvent], ["Edited", update.edited]];
    const address = updateAddress(update.id, context);
    return element(
        "header",
        {},
        element("a", { class: "permalink", href: address }, timeElement(update.publishedAt)),
        marks.map(([words, holds]) => holds && element("span", { class: "mark" }, words)),
        isGiven(update.title) && element("h3", WRITTEN, update.title),
        isGiven(update.author) && element("p", { class: "author" }, nameElement(update.author)),
        update.occurredAt && element("p", { class: "occurred" }, "Happened ", timeElement(update.occurredAt)),
    );
}

function retraction({ at, reason }) {
    const word = element("strong", {}, "Retracted");
    return element("p", { class: "retraction" }, word, " ", timeElement(at), ": ", nameElement(reason));
}

function bodyElement(html, base) {
    const content = bodyContent(html);
    // On pages of others a root-relative address is the server's, not theirs.
    for (const name of base ? ["href", "src"] : []) {
        for (const node of content.querySelectorAll(`[${name}^="/"]`)) {
            node.setAttribute(name, base + node.getAttribute(name));
        }
    }
    return element("div", { class: "body", ...WRITTEN }, content);
}

/** HTML that the server has made safe, as nodes that load nothing before they stand in the page. */
export function bodyContent(html) {
    const template = document.createElement("template");
    template.innerHTML = html;
    return template.content;
}

function mediumElement({ type, url, alt, caption, credit, width, height }) {
    const small = isGiven(credit) && element("small", {}, nameElement(credit));
    if (type === "link") {
        const link = foreignLink(url, nameElement(caption ?? alt ?? url));
        return element("p", { class: "media" }, link, small && " · ", small);
    }
    const words = [caption, isGiven(caption) && small && " · ", small];
    const attributes = type === "image"
        ? { src: url, loading: "lazy", decoding: "async", alt: alt ?? "", width, height }
        : { src: url, controls: true, preload: "none", ...(type === "video" && { width, height }), "aria-label": alt };
    const shown = element(type === "image" ? "img" : type, attributes);
    return element("figure", {}, shown, words.some(isGiven) && element("figcaption", WRITTEN, words));
}

function updateSource({ name, url }, index) {
    return [index > 0 && ", ", foreignLink(url, nameElement(name))].flat();
}

function isGiven(value) {
    return value !== null && value !== undefined && value !== false;
}

// --- renewal ---

/**
 * Makes an element of the page the same as one that was just made, and leaves what is the same alone, so that focus,
 * films and selections stay. Texts of times and reaction buttons have a life of their own.
 */
export function renew(old, made) {
    if (old.localName === "time" && old.dateTime === made.dateTime) return;
    if (old.matches("button.react")) return;
    for (const { name } of [...old.attributes]) if (!made.hasAttribute(name)) old.removeAttribute(name);
    for (const { name, value } of made.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    renewChildren(old, made);
}

function renewChildren(old, made) {
    let next = old.firstChild;
    for (const child of [...made.childNodes]) {
        const found = laterLike(next, child);
        if (found) {
            while (next !== found) next = dropped(next);
        } else if (!isLike(next, child) || laterLike(child, next)) {
            old.insertBefore(child, next);
            continue;
        }
        if (child.nodeType === Node.ELEMENT_NODE) renew(next, child);
        else next.data = child.data;
        next = next.nextSibling;
    }
    while (next) next = dropped(next);
}

/** From a node on, the first that is the same thing as another. */
function laterLike(node, other) {
    for (let next = node; next && other; next = next.nextSibling) {
        if (next.isEqualNode(other) || (next.dataset?.id && next.dataset.id === other.dataset?.id)) return next;
    }
    return null;
}

/** Whether one can be made the other. */
function isLike(node, other) {
    return node?.nodeName === other.nodeName && node.dataset?.id === other.dataset?.id;
}

function dropped(node) {
    const next = node.nextSibling;
    node.remove();
    return next;
}
