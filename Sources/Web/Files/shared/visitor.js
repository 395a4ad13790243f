// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { countText } from "./count-text.js";

const VISITOR_KEY = "wireroom-visitor";
/** In milliseconds; without a free connection, browsers queue requests indefinitely. */
const REACTION_TIMEOUT = 15_000;

/** Why a reaction was not stored: the key of what readers are told, and after how many seconds they may try again. */
export class ReactionFailure extends Error {
    /** @param {Response|null} response */
    constructor(response) {
        const seconds = response?.status === 429 ? response.headers.get("Retry-After") : null;
        super(seconds ? "reactionLimited" : "reactionFailed");
        this.seconds = Number(seconds);
    }
}

/** A reader's reactions, kept in local storage; where that is forbidden, until the page is left. */
export class Visitor {
    #base;
    /** Slug or id. */
    #story;
    #storage;
    #fetch;
    #timeout;
    /** @type {Set<string>} */
    #reacted = new Set();

    /**
     * `base`: the server's origin; `story`: slug or id; `storage`, `fetch` and `timeout` (ms) have defaults.
     * @param {VisitorOptions} options
     */
    constructor({
        base = "", story, storage, fetch = (input, init) => globalThis.fetch(input, init), timeout = REACTION_TIMEOUT,
    }) {
        this.#base = base;
        this.#story = story;
        this.#storage = storage;
        this.#fetch = fetch;
        this.#timeout = timeout;
        /** A random id, not derived from the reader. */
        this.id = this.#kept(VISITOR_KEY) ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
        this.#keep(VISITOR_KEY, this.id);
        this.#load();
    }

    /**
     * Whether the visitor has reacted to an update (id), or to the story (null).
     * @param {string|null} update
     * @param {string} kind
     */
    hasReacted(update, kind) {
        return this.#reacted.has(pathOf(update, kind));
    }

    /**
     * Adds or removes a reaction; returns the new count. Throws a `ReactionFailure`.
     * @param {string|null} update
     * @param {string} kind
     */
    async toggle(update, kind) {
        // Another tab may have changed it.
        this.#load();
        const path = pathOf(update, kind);
        const isTakenBack = this.#reacted.has(path);
        const count = await this.#send(isTakenBack ? "DELETE" : "POST", path);
        this.#reacted[isTakenBack ? "delete" : "add"](path);
        this.#keep(keyOf(this.#story), [...this.#reacted].join(" "));
        return count;
    }

    /**
     * Switches to the story's id, which is stable when its slug changes; migrates what was stored under the slug.
     * @param {string} id
     */
    settle(id) {
        if (id === this.#story) return;
        const names = [id, this.#story].map(keyOf);
        const paths = names.flatMap(key => this.#kept(key)?.split(" ") ?? []);
        this.#story = id;
        this.#reacted = new Set(paths);
        if (paths.length > 0) this.#keep(names[0], [...this.#reacted].join(" "));
        this.#forget(names[1]);
    }

    /**
     * Sends a reaction; returns the new count.
     * @param {string} method
     * @param {string} path
     */
    async #send(method, path) {
        const response = await this.#fetch(`${this.#base}/stories/${encodeURIComponent(this.#story)}/${path}`, {
            method,
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ visitor: this.id }),
            signal: (
                /** @type {AbortSignals} */
                (AbortSignal)
            ).timeout(this.#timeout),
        }).catch(() => null);
        const answer = response?.ok ? await response.json().catch(() => null) : null;
        if (!answer) throw new ReactionFailure(response);
        return answer.count;
    }

    #load() {
        this.#reacted = new Set(this.#kept(keyOf(this.#story))?.split(" ") ?? this.#reacted);
    }

    /** @param {string} key */
    #kept(key) {
        try {
            return (this.#storage ?? localStorage).getItem(key);
        } catch {
            return null;
        }
    }

    /** @param {string} key @param {string} value */
    #keep(key, value) {
        try {
            (this.#storage ?? localStorage).setItem(key, value);
        } catch {
            // The storage is forbidden or full.
        }
    }

    /** @param {string} key */
    #forget(key) {
        try {
            (this.#storage ?? localStorage).removeItem(key);
        } catch {
            // The storage is forbidden.
        }
    }
}

/**
 * The storage key of a story's reactions.
 * @param {string} story
 */
function keyOf(story) {
    return `wireroom-reactions-${story}`;
}

/** The reaction buttons of a page. */
export class ReactionButtons {
    #visitor;
    #tell;
    /**
     * By update id; the story's own under null.
     * @type {Map<string|null, ReactionCounts>}
     */
    #counts = new Map();
    /** @type {WeakSet<HTMLButtonElement>} */
    #busy = new WeakSet();

    /**
     * `tell(failure)` tells the reader of a failure.
     * @param {Visitor} visitor
     * @param {(failure: ReactionFailure) => void} tell
     */
    constructor(visitor, tell) {
        this.#visitor = visitor;
        this.#tell = tell;
    }

    /**
     * Switches to the story's id; see `Visitor.settle`.
     * @param {string} id
     */
    settle(id) {
        this.#visitor.settle(id);
    }

    /**
     * The counts of an update (id) or of the story (null), by kind.
     * @param {string|null} update
     */
    counts(update) {
        return this.#counts.get(update) ?? {};
    }

    /**
     * Adopts the counts of server-rendered buttons.
     * @param {ParentNode} root
     */
    adopt(root) {
        for (const button of buttonsOf(root)) this.#count(button, Number(button.lastElementChild?.textContent));
        this.activate(root);
    }

    /**
     * Enables the buttons below a root.
     * @param {ParentNode} root
     */
    activate(root) {
        for (const button of buttonsOf(root)) {
            button.disabled = false;
            this.#show(button);
        }
    }

    /**
     * Shows the counts of the API.
     * @param {ParentNode} root
     * @param {Reactions} options
     */
    show(root, { story, updates }) {
        this.#counts = new Map(Object.entries(updates));
        this.#counts.set(null, story);
        for (const button of buttonsOf(root)) if (!this.#busy.has(button)) this.#show(button);
    }

    /**
     * Handles a click anywhere in the page.
     * @param {Event} event
     */
    async press(event) {
        const target = (
            /** @type {Element} */
            (event.target)
        );
        const button = (
            /** @type {HTMLButtonElement|null} */
            (target.closest("button.react"))
        );
        if (!button || this.#busy.has(button)) return;
        const update = updateOf(button);
        const { kind = "" } = button.dataset;
        const isPressed = this.#visitor.hasReacted(update, kind);
        // Optimistic update: the button changes before the server answers.
        this.#busy.add(button);
        writeButton(button, (this.counts(update)[kind] ?? 0) + (isPressed ? -1 : 1), !isPressed);
        try {
            this.#count(button, await this.#visitor.toggle(update, kind));
        } catch (error) {
            this.#tell(error);
        }
        this.#busy.delete(button);
        this.#show(button);
    }

    /** @param {HTMLButtonElement} button @param {number} count */
    #count(button, count) {
        const update = updateOf(button);
        this.#counts.set(update, { ...this.counts(update), [button.dataset.kind ?? ""]: count });
    }

    /** @param {HTMLButtonElement} button */
    #show(button) {
        const [update, { kind = "" }] = [updateOf(button), button.dataset];
        writeButton(button, this.counts(update)[kind], this.#visitor.hasReacted(update, kind));
    }
}

/** @param {ParentNode} root */
function buttonsOf(root) {
    return (
        /** @type {NodeListOf<HTMLButtonElement>} */
        (root.querySelectorAll("button.react"))
    );
}

/** @param {HTMLButtonElement} button */
function updateOf(button) {
    return button.closest("article")?.dataset.id ?? null;
}

/** @param {string|null} update @param {string} kind */
function pathOf(update, kind) {
    return `${update ? `updates/${update}/` : ""}reactions/${kind}`;
}

/**
 * Writes only what has changed: a page has thousands of buttons.
 * @param {HTMLButtonElement} button
 * @param {number|undefined} count
 * @param {boolean} isPressed
 */
function writeButton(button, count, isPressed) {
    const [text, number] = [countText(count), button.lastElementChild];
    if (number && number.textContent !== text) number.textContent = text;
    if (button.getAttribute("aria-pressed") !== String(isPressed)) {
        button.setAttribute("aria-pressed", String(isPressed));
    }
}
