// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { WRITTEN, make } from "../shared/dom.js";
import { LiveView, TOP } from "../shared/live-view.js";
import { scrollAtOnce } from "../shared/scroll-anchor.js";

// The widget, for other sites:
//
//     <script src="https://live.example.org/embed.js" async></script>
//     <wireroom-feed story="harbour-storm"></wireroom-feed>
//
// Attributes: `story` (slug or id), `src` (the server, such as https://live.example.org; by default where this script
// is from), `limit` (updates at first, default 20), `only="key"` (key events only), `tag` (only updates with this tag),
// `reactions` (kinds, separated by spaces, default veryGood; empty: no buttons), `embeds` (content of third parties:
// ask, always or never; by default as the server is set). Changing one restarts the widget. It
// inherits font and colours; to change them, set --wireroom-font, --wireroom-ink, --wireroom-paper, --wireroom-soft,
// --wireroom-line, --wireroom-accent or --wireroom-on-accent, or style its parts: `wireroom-feed::part(update)`;
// header, status, title, news, pinned, updates, update, key, older, connection. With a height and `overflow: auto` it
// scrolls by itself.
//
// Events, which bubble: `wireroom-update`, whose detail is {change} as in a delta, and `wireroom-state` with {state}:
// live, polling, reconnecting, offline, closed or gone. Stories that are closed or gone are polled slowly, in case they
// are reopened or published again. A page streams at most three stories of a server, and polls the others.

const script = (
    /** @type {HTMLScriptElement|null} */
    (document.currentScript)
);
const home = new URL(".", script?.src ?? location.href).href;

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
:host{display:block;overflow-wrap:anywhere;font:var(--wireroom-font, inherit);
color:var(--wireroom-ink, inherit);background:var(--wireroom-paper, none);--accent:var(--wireroom-accent, #b3261e);
--soft:var(--wireroom-soft, color-mix(in srgb, currentColor 75%, transparent));
--line:var(--wireroom-line, color-mix(in srgb, currentColor 20%, transparent));
--fresh:color-mix(in srgb, var(--accent) 15%, transparent)}
[hidden]{display:none !important}
a{color:inherit}
h2, h3{margin:.2em 0;line-height:1.25}
h2 a{text-decoration:none}
h4, h5, h6{margin:.8em 0 .3em;font-size:1.05em;line-height:1.3}
h5{font-size:1em}
h6{font-size:.95em}
pre, table{display:block;overflow-x:auto;border-collapse:collapse}
th, td{padding:.25em .6em;border:1px solid var(--line)}
.body li:has(> input, > p > input){list-style:none}
img, video{display:block;max-width:100%;height:auto;object-fit:contain}
.enlarge{display:block;cursor:zoom-in}
.enlarge img{max-height:80vh;object-position:0}
.gallery{display:grid;grid-template-columns:1fr 1fr;gap:.5em}
.gallery figure{margin:0}
.gallery figure:first-child:nth-last-child(odd){grid-column:span 2}
.gallery img{width:100%;aspect-ratio:1;object-fit:cover;object-position:var(--x, 50%) var(--y, 50%)}
${[...Array(11).keys()].map(n => `.x${n}{--x:${n}0%}.y${n}{--y:${n}0%}`).join("")}
.gallery figure:first-child:nth-last-child(odd) img{aspect-ratio:2}
video:not([height]){width:100%;max-height:80vh;aspect-ratio:16 / 9}
figure, .gallery{max-width:46rem;margin:.6em 0}
.boxed{padding:0 .75em}
.bar{position:sticky;top:.5em;height:0;text-align:center;z-index:1}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:2em;
padding:.25em .9em}
.news{background:var(--accent);color:var(--wireroom-on-accent, #fff)}
[aria-pressed=true]{border-color:currentColor;font-weight:bold}
.status, .permalink, .mark, .author, .occurred, .sources, .tags, figcaption, .connection, button{font-size:.85em}
.status, .permalink, .author, .occurred, .sources, .tags, figcaption, .connection, .stricken .body {
color:var(--soft)}
.live::before{content:"● ";color:var(--accent)}
.mark{margin-inline-start:1em}
article{contain:layout style;border-top:1px solid var(--line);padding:.8em 0}
.key{border-inline-start:3px solid var(--accent);padding-inline-start:.8em}
.body :is(p, li){unicode-bidi:plaintext}
.stricken .body, .stricken h3{text-decoration:line-through}
.tags{display:flex;gap:1em;padding:0;list-style:none}
.quiet{position:absolute;clip-path:inset(50%)}`);

/**
 * One story on a page of another site.
 * @extends {LiveView<ShadowRoot, WidgetParts>}
 */
class Widget extends LiveView {
    /** @returns {Scroller} */
    get scroller() {
        const box = this.#box();
        if (!box) return super.scroller;
        const top = Math.max(0, box.getBoundingClientRect().top);
        return { top, by: pixels => scrollAtOnce(box, pixels) };
    }

    isAtTop() {
        return this.parts.feed.getBoundingClientRect().top > this.scroller.top - TOP;
    }

    draw() {
        const { slug, title, status } = this.feed.story;
        const isClosed = status === "closed";
        this.rename(slug);
        const link = make("a", { href: `${this.context.base}/live/${slug}` }, title);
        this.parts.header.replaceChildren(
            make("p", { part: "status", class: isClosed ? "status" : "status live" }, isClosed ? "Closed" : "Live"),
            make("h2", { part: "title", ...WRITTEN }, link));
    }

    /** @param {HTMLElement} article */
    made(article) {
        article.setAttribute("part", article.className);
    }

    /** @param {string} name @param {unknown[]} values */
    told(name, values) {
        for (const value of values) {
            const init = { detail: { [name === "update" ? "change" : name]: value }, bubbles: true, composed: true };
            this.root.host.dispatchEvent(new CustomEvent(`wireroom-${name}`, init));
        }
    }

    /** The scroll container of the widget; null: the window. */
    #box() {
        /** @type {Element|null} */
        let box = this.root.host;
        while (box && box !== document.body) {
            if (box.scrollHeight > box.clientHeight && /auto|scroll/.test(getComputedStyle(box).overflowY)) return box;
            const root = (
                /** @type {ShadowRoot} */
                (box.getRootNode())
            );
            box = box.parentElement ?? root.host;
        }
        return null;
    }
}

class WireroomFeed extends HTMLElement {
    static observedAttributes = ["story", "src", "limit", "only", "tag", "reactions", "embeds"];
    #root = this.attachShadow({ mode: "open" });
    /** @type {AbortController|null} */
    #life = null;
    #isDue = false;

    constructor() {
        super();
        // Unlike a <style>, allowed by any content security policy. Not at each start: cards add theirs, once.
        this.#root.adoptedStyleSheets = [sheet];
    }

    connectedCallback() {
        this.#restart();
    }

    disconnectedCallback() {
        this.#restart();
    }

    attributeChangedCallback() {
        this.#restart();
    }

    /** Restarts in a microtask, once for several changes. */
    #restart() {
        if (this.#isDue) return;
        this.#isDue = true;
        queueMicrotask(() => {
            this.#isDue = false;
            this.#life?.abort();
            this.#life = null;
            const story = this.getAttribute("story");
            if (this.isConnected && story) this.#begin(story);
        });
    }

    /** @param {string} story */
    #begin(story) {
        const parts = this.#build();
        const base = (this.getAttribute("src") ?? home).replace(/\/+$/, "");
        const kinds = this.getAttribute("reactions") ?? "veryGood";
        // A server whose policy is not to ask replaces the word.
        const embeds = this.getAttribute("embeds") ?? "EMBEDS";
        const view = new Widget({
            root: this.#root, parts, base, story, limit: this.getAttribute("limit") ?? 20,
            // By any digest, the server sends its present script.
            lightbox: `${base}/assets/lightbox.0.js`,
            filter: { only: this.getAttribute("only"), tag: this.getAttribute("tag") },
            context: { base, slug: story, kinds: kinds.split(" ").filter(Boolean), embeds },
        });
        // Adds padding inside a visible edge, unless the page has set some.
        const { overflowY, borderLeftWidth, paddingLeft } = getComputedStyle(this);
        const hasEdge = /auto|scroll/.test(overflowY) || borderLeftWidth !== "0px";
        parts.feed.classList.toggle("boxed", hasEdge && paddingLeft === "0px");
        const { signal } = (this.#life = new AbortController());
        view.start(signal);
        view.follower.start();
        parts.older.addEventListener("click", async () => {
            const [first] = await view.loadOlder();
            first?.querySelector("a")?.focus({ preventScroll: true });
        });
        // Reveals waiting updates when the reader returns to the top.
        const observer = new IntersectionObserver(() => view.revealAtTop(), { threshold: [0, 1] });
        observer.observe(parts.header);
        signal.addEventListener("abort", () => {
            view.stop();
            observer.disconnect();
        });
    }

    #build() {
        const header = part("header", "header");
        const news = part("button", "news", { type: "button", hidden: true });
        const parts = {
            pinned: part("section", "pinned", { "aria-label": "Pinned", hidden: true }),
            updates: part("section", "updates", { "aria-label": "Updates", tabindex: -1 }),
            older: part("p", "older", { hidden: true }, make("button", { type: "button" }, "Older updates")),
            connection: part("p", "connection", { role: "status" }),
            announcement: make("p", { class: "quiet", "aria-live": "polite" }),
        };
        const feed = make("div", {}, make("div", { class: "bar" }, news), header, ...Object.values(parts));
        this.#root.replaceChildren(feed);
        return { ...parts, header, news, feed };
    }
}

/**
 * Creates an element that pages can style by `::part`.
 * @param {"header"|"button"|"section"|"p"} tag
 * @param {string} name
 * @param {Attributes} attributes
 * @param {Content} content
 * @returns {HTMLElement}
 */
function part(tag, name, attributes = {}, content = null) {
    return make(tag, { part: name, class: name, ...attributes }, content);
}

if (!customElements.get("wireroom-feed")) customElements.define("wireroom-feed", WireroomFeed);
