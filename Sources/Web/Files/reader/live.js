// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { given, make } from "../shared/dom.js";
import { attempt, enableSharing, keepFold, watchHeader } from "./bar.js";
import { streaming } from "../client/event-stream.js";
import { LiveView } from "../shared/live-view.js";
import { Messages } from "../shared/messages.js";
import { feedOfPage } from "./page-feed.js";
import { renew } from "../shared/markup.js";
import { headerElement, linksElement, placeElement, shortHeaderElement, titleElement } from "./story-markup.js";
import { emptyWords, timelineElement, updateTitle } from "./story-markup.js";
import { CATALOGUE } from "../shared/catalogue.js";
import { Words } from "../shared/words.js";
import { ReactionButtons, Visitor } from "../shared/visitor.js";

const { slug = "", kinds = "", story = "", lightbox = "", only, tag, author, embeds } = document.body.dataset;
const { language, zone } = document.body.dataset;
/** The language may have a region, which the catalogue has not. */
const words = new Words({ ...CATALOGUE, language: document.documentElement.lang });
const order = document.body.dataset.order === "oldest" ? "oldest" : "newest";
/** Those that a story takes if it does not name some. */
const serverKinds = (document.body.dataset.serverKinds ?? kinds).split(" ").filter(Boolean);
/** Whether only some updates are in the list. */
const isFiltered = Boolean(only || tag || author);
/** What a search has found is not followed. */
const isSearch = document.body.dataset.mode === "search";

/** How many pixels ahead of the window the next page is fetched. */
const AHEAD = 1500;
/** Infinite scrolling only if the links are beside the updates; below, they would be unreachable. */
const BESIDE = "(min-width: 60rem)";
/** The most key events in the timeline, as on the server. */
const TIMELINE_LENGTH = 100;
/** Milliseconds. */
const READ_TIMEOUT = 20_000;
/** The address of an update within the page. */
const UPDATE_HASH = /^#u-([0-9a-f-]{36})$/;

/** @param {string} id */
function byId(id) {
    const found = document.getElementById(id);
    if (!found) throw new Error(id);
    return found;
}

const { body } = document;
/** Only where the server sends notifications. */
const bell = document.getElementById("bell");
/** The id of the update on a single-update page; else null. */
const onlyUpdate = body.dataset.mode === "update" ? location.pathname.split("/").pop() ?? null : null;

/**
 * The reader's page: adopts the server-rendered page, and keeps it equal to a fresh one.
 * @extends {LiveView<Document, ViewParts>}
 */
class LivePage extends LiveView {
    /** The last known title of the single update. */
    #headline = "";
    /** Whether the page says how many updates there are, also of those that are not loaded. */
    #isCounted = true;
    #hasMoreKeyEvents = this.feed.keyEvents.length >= TIMELINE_LENGTH;
    /** @type {import("./bell.js").Bell|null} */
    #bell = null;
    /** @type {import("./extras.js").Extras|null} Null until they are needed. */
    #extras = null;
    /** @type {LeftAt|null} */
    #left = null;
    #messages = new Messages(this.parts, this.context);

    start() {
        this.react(new ReactionButtons(new Visitor({ story }), failure => this.tellFailure(failure)));
        super.start();
        addEventListener("scroll", () => this.revealAtTop(), { passive: true });
        watchHeader();
        enableSharing(document);
        document.addEventListener("click", event => this.#click(event));
        addEventListener("beforeprint", () => {
            byId("printed").textContent = `${location.href.split("#")[0]} · ${
                words.say("printed", { time: this.times.print.format(Date.now()) })}`;
        });
        this.parts.older.addEventListener("click", event => this.#pressOlder(event));
        if (this.feed.older && matchMedia(BESIDE).matches) this.#watchEnd();
        if (body.dataset.mode === "live") this.#rememberSeen();
        this.#startBell();
        this.#startExtras();
        if (!isSearch) this.follower.start();
    }

    async #startBell() {
        if (!bell) return;
        const { Bell } = await import(bell.dataset.script ?? "");
        this.#bell = new Bell(bell, story, new Words(JSON.parse(bell.dataset.words ?? "")));
        this.#bell?.start(body.dataset.status ?? "");
    }

    // --- extras ---

    async #load() {
        const { Extras } = await import(body.dataset.extras ?? "");
        return (this.#extras ??= (
            /** @type {import("./extras.js").Extras} */
            (new Extras(this, { order, left: this.#left }))));
    }

    /** Loads the extras at once where they are needed from the start. */
    async #startExtras() {
        const [, id] = UPDATE_HASH.exec(location.hash) ?? [];
        const isAway = id && !document.getElementById(`u-${id}`);
        if (!isAway && order === "newest" && (!this.#left || this.#left.id === this.feed.updates[0]?.id)) return;
        await this.#load();
        if (isAway) await this.jump(id);
    }

    /** @param {string} id */
    async jump(id) {
        return (await this.#load()).navigation.jump(id);
    }

    /** @param {MouseEvent} event */
    async #click(event) {
        const target = (
            /** @type {Element} */
            (event.target)
        );
        keepFold(target);
        const button = target.closest(".share");
        if (button) return (await this.#load()).navigation.share(button.closest("article"));
        const link = target.closest("a");
        if (link?.matches(".here [href='#timeline']") && "popover" in link) {
            event.preventDefault();
            return (await this.#load()).navigation.listKeyEvents();
        }
        if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
        if (link.hash === "#updates" && this.list.waiting.size > 0) {
            event.preventDefault();
            this.showNews();
        }
        const id = link.closest("#timeline, #jump") && link.parentElement?.dataset.id;
        // Key events are in the list, by and by, unless it has those of a tag or author only.
        if (!id || onlyUpdate || tag || author) return;
        event.preventDefault();
        await this.#load().then(({ navigation }) => navigation.follow(link, id), () => location.assign(link.href));
    }

    showNews() {
        if (this.#extras?.newsAtEnd) this.#extras.newsAtEnd.show();
        else super.showNews();
    }

    /** @param {(messages: Messages) => void} use */
    tell(use) {
        use(this.#messages);
    }

    /** @param {EventTarget|null} target */
    foldPicture(target, isBroken = true) {
        const figure = isBroken && target instanceof HTMLImageElement && target.closest("figure");
        // With its caption, or else its alternative text.
        if (figure) figure.dataset.note = `${words.say("pictureFailed")} ${
            figure.querySelector("figcaption") ? "" : target.alt}`;
        super.foldPicture(target, isBroken);
    }

    /** @param {HTMLElement} article */
    made(article) {
        enableSharing(article);
    }

    /** Remembers the newest update seen: going back may restore an older version of the page. And the last visit. */
    #rememberSeen() {
        const [seen, read] = ["seen", "read"].map(name => `wireroom.${name}.${story}`);
        this.list.seen = attempt(() => JSON.parse(sessionStorage.getItem(seen) ?? "null"));
        const isWhole = order === "newest" && !isFiltered;
        if (isWhole) this.#left = attempt(() => JSON.parse(localStorage.getItem(read) ?? "null"));
        const remember = () => {
            const newest = this.feed.updates.find(({ id }) => !this.list.waiting.has(id));
            if (!newest) return;
            const place = { id: newest.id, publishedAt: newest.publishedAt };
            attempt(() => sessionStorage.setItem(seen, JSON.stringify(place)));
            if (isWhole) attempt(() => localStorage.setItem(read, JSON.stringify({ ...place, at: Date.now() })));
        };
        addEventListener("pagehide", remember);
        // Phones end pages that are out of sight without telling them.
        document.addEventListener("visibilitychange", () => document.hidden && remember());
    }

    // --- around the list ---

    /** @param {Change[]|null} changes @param {string[]} ids */
    draw(changes, ids) {
        this.#extras?.newsAtEnd?.count(changes);
        this.#isCounted &&= changes !== null && ids.length === 0;
        /** @param {string} op */
        const has = op => !changes || changes.some(change => change.op === op);
        if (has("story")) this.#drawStory();
        if (has("links") && this.feed.links) renew(byId("links"), linksElement(this.feed.links, words));
        /** @param {string} id */
        const isKeyEvent = id => this.feed.get(id)?.keyEvent || byId("timeline").querySelector(`[data-id="${id}"]`);
        if (!changes || ids.some(isKeyEvent)) this.#drawTimeline();
        for (const change of changes ?? []) {
            /** @param {string} id */
            const neighbor = id => document.querySelector(`#around [data-id="${id}"]`);
            if (change.op === "remove") neighbor(change.id)?.remove();
            if (change.op === "put") neighbor(change.update.id)?.lastChild?.replaceWith(
                titleElement(change.update, words));
        }
    }

    drawn() {
        const { feed: { cursor, older, story }, list: { waiting }, parts } = this;
        Object.assign(body.dataset, { cursor, status: story.status, theme: story.theme });
        this.#bell?.show(story.status);
        const title = this.#ownTitle();
        const news = this.#extras?.newsAtEnd?.draw() ?? waiting.size;
        document.title = news === 0 ? title : `(${news}) ${title}`;
        this.#extras?.lastVisit?.mark();
        const count = this.list.articles().length + waiting.size;
        const total = document.getElementById("count");
        if (total && !(older && this.#isCounted)) total.textContent = older ? "" : words.say("updateCount", { count });
        const empty = document.getElementById("empty");
        if (empty) empty.hidden = count > 0;
        if (onlyUpdate) {
            parts.older.hidden = true;
            parts.updates.querySelector(".removed")?.remove();
            if (this.list.articles().length > 0) return;
            parts.updates.append(make("p", { class: "removed" }, words.say("removedUpdate")));
        } else if (older) {
            body.dataset.older = older;
            const address = `/live/${this.context.slug}${new URL(older, location.href).search}`;
            parts.older.firstElementChild?.setAttribute("href", address);
        } else delete body.dataset.older;
    }

    /** The document title as the server writes it, marking a retraction. */
    #ownTitle() {
        const own = ["#part h2", "#story h1"].map(place => document.querySelector(place)?.textContent);
        const titles = [...own, body.dataset.site].filter(Boolean).join(" – ");
        if (!onlyUpdate) return titles;
        const update = this.feed.get(onlyUpdate);
        if (update) {
            const title = updateTitle(update, words);
            this.#headline = update.stricken ? words.say("retractedTitle", { title }) : title;
        }
        return `${this.#headline} – ${titles}`;
    }

    #drawStory() {
        const { feed: { story }, context } = this;
        const before = context.slug;
        const isShort = onlyUpdate || isFiltered;
        renew(byId("story"), isShort ? shortHeaderElement(story, Boolean(onlyUpdate), context)
            : headerElement(story, this.counts(null), context));
        this.setKinds(story.reactionKinds?.filter(kind => serverKinds.includes(kind)) ?? serverKinds);
        const place = document.querySelector(".here > a");
        if (place) renew(place, placeElement(story, context));
        document.getElementById("empty")?.replaceChildren(...given(emptyWords(story, isFiltered, words)));
        this.buttons?.activate(byId("story"));
        this.times.refresh(document);
        if (!this.rename(story.slug)) return;
        body.dataset.slug = story.slug;
        this.#drawTimeline();
        // The former address leads here, too.
        this.#load().then(({ navigation }) => navigation.moveFrom(before), () => {});
    }

    #drawTimeline() {
        const events = this.feed.keyEvents;
        renew(byId("timeline"), timelineElement(events.slice(0, TIMELINE_LENGTH), this.context));
        this.times.refresh(byId("timeline"));
        document.querySelector(".columns")?.classList.toggle("eventful", events.length > 0);
        if (!this.#hasMoreKeyEvents || events.length >= TIMELINE_LENGTH) return;
        // One was removed: loads the next to take its place.
        this.#learnKeyEvents().then(() => this.#drawTimeline());
    }

    // --- updates beyond the feed ---

    async restart() {
        // Neither need be on the snapshot's page.
        if (onlyUpdate) await this.#learn(`/updates/${onlyUpdate}`);
        await this.#learnKeyEvents();
        super.restart();
    }

    async #learnKeyEvents() {
        this.#hasMoreKeyEvents = false;
        await this.#learn(`/updates?only=key&limit=${TIMELINE_LENGTH}`);
        this.#hasMoreKeyEvents = this.feed.keyEvents.length >= TIMELINE_LENGTH;
    }

    /** @param {string} path */
    async #learn(path) {
        const response = await fetch(
            `/stories/${body.dataset.story}${path}`, { cache: "no-cache", signal: (
                /** @type {AbortSignals} */
                (AbortSignal)
            ).timeout(READ_TIMEOUT) },
        ).catch(() => null);
        const read = response?.ok ? await response.json().catch(() => null) : null;
        if (read) this.feed.learn(read.updates ?? [read]);
    }

    // --- older updates ---

    /** @param {MouseEvent} event */
    async #pressOlder(event) {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !this.feed.older) return;
        event.preventDefault();
        const [first] = await this.loadOlder();
        first?.querySelector("a")?.focus({ preventScroll: true });
    }

    #watchEnd() {
        const { older } = this.parts;
        const observer = new IntersectionObserver(async entries => {
            if (!entries.at(-1)?.isIntersecting || (await this.loadOlder()).length === 0) return;
            // Observes again: only changes are reported, and the end may still be in range.
            observer.unobserve(older);
            observer.observe(older);
        }, { rootMargin: `0px 0px ${AHEAD}px` });
        observer.observe(older);
    }
}

const [updates, news, older, connection, announcement] =
    ["updates", "news", "older", "connection", "announcement"].map(byId);

new LivePage({
    root: document,
    // With some updates only, pinned ones stay in the list.
    parts: {
        updates, news, older, connection, announcement, pinned: isFiltered ? null : document.getElementById("pinned"),
    },
    context: {
        slug, kinds: kinds.split(" ").filter(Boolean), embeds, words, language,
        titleOf: update => updateTitle(update, words), canShare: true,
    },
    zone,
    story,
    filter: { only, tag, author },
    order,
    links: true,
    lightbox,
    only: onlyUpdate,
    seed: articles => feedOfPage(articles, order),
    environment: streaming,
}).start();
