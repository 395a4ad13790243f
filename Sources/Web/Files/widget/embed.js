// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { CATALOGUE } from "../shared/catalogue.js";
import { isGiven, make, written } from "../shared/dom.js";
import { LiveView, TOP } from "../shared/live-view.js";
import { renew } from "../shared/markup.js";
import { scrollAtOnce } from "../shared/scroll-anchor.js";
import { Times } from "../shared/times.js";
import { Words } from "../shared/words.js";
import { FOCUS, SHEET } from "./sheet.js";

// The widget, for other sites:
//
//     <script src="https://live.example.org/embed.js" async></script>
//     <wireroom-feed story="harbour-storm">
//         <a href="https://live.example.org/live/harbour-storm">Storm at the harbour</a>
//     </wireroom-feed>
//
// What is inside the element is shown until the widget has content, and where scripts are not allowed. Nothing is
// loaded before the element is nearly visible.
//
// Attributes: `story` (slug or id), `src` (the server, such as https://live.example.org; by default where this script
// is from), `form` (full; compact: the latest updates in a few lines each; ticker: the latest update in a line;
// keypoints; headline: the title alone), `theme` (light, dark or auto; by default the colours of the page), `limit`
// (updates at first, default 20; in the form compact always, default 5; ticker 1), `only="key"` (key events only),
// `tag` and `author` (only updates with this tag, or by this author), `reactions` (kinds, separated by spaces, default
// veryGood; empty: no buttons), `embeds` (content of third parties: ask, always or never; by default as the server is
// set), `lang` (the language of its own words; by default that of the story, or of the server). Changing one restarts
// the widget.
// It inherits font and colours; to change them, set --wireroom-font, --wireroom-ink, --wireroom-paper, --wireroom-soft,
// --wireroom-line, --wireroom-accent or --wireroom-on-accent, or style its parts: `wireroom-feed::part(update)`;
// header, status, title, standfirst, key-points, news, pinned, updates, update, key, older, read-on, connection. With a
// height and `overflow: auto` it scrolls by itself.
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
sheet.replaceSync(SHEET + FOCUS);

/**
 * By form: how many updates are asked for, and how many are shown; where the two are equal, `limit` is for both.
 * @type {Record<string, [number, number]>}
 */
const FORMS = { full: [20, Infinity], compact: [5, 5], ticker: [1, 1], keypoints: [1, 0], headline: [1, 0] };
/** How far below the window an element may be to start. */
const NEAR = "300px";

/**
 * One story on a page of another site.
 * @extends {LiveView<ShadowRoot, WidgetParts>}
 */
class Widget extends LiveView {
    /** The kinds of reaction that the widget is to have, if the story takes them. */
    kinds = this.context.kinds;
    form = "full";
    /** The most updates that are shown. */
    most = Infinity;
    /** @type {Promise<void>|null} The style of the form, unless it is full. */
    style = null;

    /** The language of the words, as the page or the story has asked for it. */
    #language = "";

    /** @type {Promise<import("../shared/messages.js").Messages|null>|null} */
    #messages = null;

    /**
     * Takes the words of a language from the server; where it has none, those at hand stay.
     * @param {string|null|undefined} language
     */
    async speak(language) {
        if (!language || language === this.#language) return;
        this.#language = language;
        const { context } = this;
        const response = await fetch(`${context.base}/words/${encodeURIComponent(language)}`).catch(() => null);
        const catalogue = response?.ok ? await response.json().catch(() => null) : null;
        if (!catalogue) return;
        // Of a server of another version, some may be missing.
        context.words = new Words({ ...catalogue, messages: { ...CATALOGUE.messages, ...catalogue.messages } });
        this.label();
    }

    /** Speaks the language of the story, unless the page has chosen one, before anything is shown. */
    async restart() {
        const { language, timeZone } = this.feed.story;
        if (!this.root.host.getAttribute("lang")) await this.speak(language);
        this.times = new Times(this.context.words, timeZone ?? undefined);
        await this.style;
        await super.restart();
    }

    /** Writes the words that do not change with the story. */
    label() {
        const { parts: { feed, pinned, older, page }, context: { words } } = this;
        feed.lang = words.language;
        feed.dir = words.dir;
        pinned?.setAttribute("aria-label", words.say("pinned"));
        page.textContent = words.say("readOn");
        older.firstElementChild?.replaceChildren(words.say("olderUpdates"));
    }

    /** @returns {Scroller} */
    get scroller() {
        const box = this.#box();
        if (!box) return super.scroller;
        const top = Math.max(0, box.getBoundingClientRect().top);
        return { top, by: pixels => scrollAtOnce(box, pixels) };
    }

    isAtTop() {
        // A single line displaces nothing.
        return this.most <= 1 || this.parts.feed.getBoundingClientRect().top > this.scroller.top - TOP;
    }

    draw() {
        const { feed: { story }, parts: { header, page, updates }, context: { base } } = this;
        this.context.language = story.language ?? "";
        this.rename(story.slug);
        const { reactionKinds } = story;
        this.setKinds(reactionKinds ? this.kinds.filter(kind => reactionKinds.includes(kind)) : this.kinds);
        // A page may have several.
        const label = this.context.words.say("updatesOf", { title: story.title });
        if (this.form === "full") updates.setAttribute("aria-label", label);
        page.href = `${base}/live/${story.slug}`;
        const content = headerContent(story, page.href, this.form, this.context);
        renew(header, make("header", { part: "header", class: "header" }, content));
        this.#appear();
    }

    /** Takes the place of what is inside the element. */
    #appear() {
        const { feed } = this.parts;
        if (!feed.hidden) return;
        feed.hidden = false;
        feed.nextElementSibling?.remove();
    }

    drawn() {
        for (const [index, article] of this.list.articles().entries()) article.hidden = index >= this.most;
        if (this.form !== "full") this.parts.older.hidden = true;
    }

    /** @param {HTMLElement} article */
    made(article) {
        article.setAttribute("part", article.className);
    }

    /** @param {string} name @param {unknown[]} values */
    told(name, values) {
        if (!this.buttons && this.context.kinds.length > 0) this.#loadButtons();
        // What is inside the element says more than that there is nothing.
        if (values[0] === "gone" && !this.root.host.textContent?.trim()) this.#appear();
        for (const value of values) {
            const init = { detail: { [name === "update" ? "change" : name]: value }, bubbles: true, composed: true };
            this.root.host.dispatchEvent(new CustomEvent(`wireroom-${name}`, init));
        }
    }

    /**
     * After a failure to load them, the next message tries again.
     * @param {(messages: import("../shared/messages.js").Messages) => void} use
     */
    async tell(use) {
        const { parts, context } = this;
        this.#messages ??= this.#load().then(live => live.widgetMessages(parts, context), () => null);
        const messages = await this.#messages;
        if (messages) use(messages);
        else this.#messages = null;
    }

    async allWords() {
        await this.#load();
        return this.context.words;
    }

    /** Loads what is needed once content is shown, and its words. */
    async #load() {
        const live = await loadLive(this.context.base ?? "");
        live.teach(this.context.words);
        return live;
    }

    /** Once content is shown; after a failure, at the next news. */
    async #loadButtons() {
        const { context: { base = "", slug: story } } = this;
        const live = await this.#load().catch(() => null);
        /** @param {import("../shared/visitor.js").ReactionFailure} failure */
        const tell = failure => this.tellFailure(failure);
        if (live && !this.buttons) this.react(live.widgetButtons({ base, story }, tell));
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
    static observedAttributes = [
        "story", "src", "form", "limit", "only", "tag", "author", "reactions", "embeds", "lang",
    ];
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
            if (this.isConnected && story) this.#await(story);
        });
    }

    /**
     * Begins once the element is nearly visible; until then, what is inside is shown.
     * @param {string} story
     */
    #await(story) {
        const { signal } = (this.#life = new AbortController());
        this.#root.replaceChildren(make("slot", {}));
        const observer = new IntersectionObserver(entries => {
            if (!entries.at(-1)?.isIntersecting) return;
            observer.disconnect();
            this.#begin(story, signal);
        }, { rootMargin: NEAR });
        observer.observe(this);
        signal.addEventListener("abort", () => observer.disconnect());
    }

    /** @param {string} story @param {AbortSignal} signal */
    #begin(story, signal) {
        const form = Object.keys(FORMS).find(name => name === this.getAttribute("form")) ?? "full";
        const [first, most] = FORMS[form];
        const limit = Number(this.getAttribute("limit")) || first;
        const parts = this.#build(form);
        const base = (this.getAttribute("src") ?? home).replace(/\/+$/, "");
        const kinds = form === "full" ? this.getAttribute("reactions") ?? "veryGood" : "";
        // A server whose policy is not to ask replaces the word.
        const embeds = this.getAttribute("embeds") ?? "EMBEDS";
        const view = new Widget({
            root: this.#root, parts, base, story, limit,
            // By any digest, the server sends its present script. A frame may be too high or too low for it.
            lightbox: self === top ? `${base}/assets/lightbox.0.js` : "",
            hasReactions: kinds !== "",
            filter: {
                only: this.getAttribute("only"), tag: this.getAttribute("tag"), author: this.getAttribute("author"),
            },
            environment: { openStream: async environment => (await loadLive(base)).openStream(environment) },
            context: {
                base, slug: story, kinds: kinds.split(" ").filter(Boolean), embeds, words: new Words(CATALOGUE),
            },
        });
        view.form = form;
        view.most = most === first ? limit : most;
        if (form !== "full") view.style = loadLive(base).then(live => live.adoptBrief(this.#root), () => {});
        view.label();
        // Adds padding inside a visible edge, unless the page has set some.
        const { overflowY, borderLeftWidth, paddingLeft } = getComputedStyle(this);
        const hasEdge = /auto|scroll/.test(overflowY) || borderLeftWidth !== "0px";
        parts.feed.classList.toggle("boxed", hasEdge && paddingLeft === "0px");
        view.start(signal);
        view.speak(this.getAttribute("lang")).then(() => signal.aborted || view.follower.start());
        parts.older.addEventListener("click", async () => {
            const [next] = await view.loadOlder();
            next?.querySelector("a")?.focus({ preventScroll: true });
        });
        // Reveals waiting updates when the reader returns to the top.
        const observer = new IntersectionObserver(() => view.revealAtTop(), { threshold: [0, 1] });
        observer.observe(parts.header);
        signal.addEventListener("abort", () => {
            view.stop();
            observer.disconnect();
        });
    }

    /** @param {string} form */
    #build(form) {
        const header = part("header", "header");
        const news = part("button", "news", { type: "button", hidden: true });
        const page = make("a", {});
        const isFull = form === "full";
        const pinned = isFull && part("section", "pinned", { hidden: true });
        const updates = part("section", "updates", { tabindex: -1 });
        const older = part("p", "older", { hidden: true }, make("button", { type: "button" }));
        const connection = part("p", "connection", { role: "status" });
        const announcement = make("p", { class: "quiet", "aria-live": "polite" });
        const feed = make(
            "div", { class: isFull ? form : `brief ${form}`, hidden: true },
            make("div", { class: "bar" }, news), header, pinned, updates, older,
            part("p", "read-on", {}, page), connection, announcement);
        this.#root.replaceChildren(feed, make("slot", {}));
        return { feed, header, news, page, pinned: pinned || null, updates, older, connection, announcement };
    }
}

/**
 * Loads what is needed once content is shown.
 * @param {string} base
 * @returns {Promise<typeof import("./embed-live.js")>}
 */
function loadLive(base) {
    return import(`${base}/embed-live.js`);
}

/**
 * Renders what is above the updates, as the server's WidgetMarkup.swift does for frames.
 * @param {Story} story
 * @param {string} page
 * @param {string} form
 * @param {MarkupContext} context
 */
function headerContent({ status, title, summary, keyPoints }, page, form, { words, language }) {
    const isClosed = status === "closed";
    const own = written(language);
    const hasMore = form === "full" || form === "keypoints";
    return [
        make(
            "p", { part: "status", class: isClosed ? "status" : "status live" },
            words.say(isClosed ? "closed" : "live")),
        make("h2", { part: "title", class: "title", ...own }, make("a", { href: page }, title)),
        hasMore && isGiven(summary) && part("p", "standfirst", own, summary),
        hasMore && keyPoints.length > 0
            && part("ul", "key-points", {}, keyPoints.map(point => make("li", own, point))),
    ];
}

/**
 * Creates an element that pages can style by `::part`.
 * @param {"header"|"button"|"section"|"p"|"ul"} tag
 * @param {string} name
 * @param {Attributes} attributes
 * @param {Content} content
 * @returns {HTMLElement}
 */
function part(tag, name, attributes = {}, content = null) {
    return make(tag, { part: name, class: name, ...attributes }, content);
}

if (!customElements.get("wireroom-feed")) customElements.define("wireroom-feed", WireroomFeed);
