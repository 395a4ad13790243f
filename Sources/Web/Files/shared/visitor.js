import { countText } from "./markup.js";

const VISITOR_KEY = "wireroom-visitor";
/** Milliseconds. A browser that has no connection free would have a request wait without end. */
const REACTION_TIMEOUT = 15_000;

/** What somebody who reads reacts to. Where the browser keeps nothing for us, it is known until the page is left. */
export class Visitor {
    #base;
    /** Slug or id. */
    #story;
    #storage;
    #fetch;
    #timeout;
    #reacted = new Set();

    /**
     * `base`: the server; `story`: its slug or id; `storage`, `fetch` and `timeout` are those of the browser, and ours,
     * unless given.
     */
    constructor({
        base = "", story, storage, fetch = (...request) => globalThis.fetch(...request), timeout = REACTION_TIMEOUT,
    }) {
        [this.#base, this.#story, this.#storage, this.#fetch, this.#timeout] = [base, story, storage, fetch, timeout];
        /** Random, and of no meaning to anybody. */
        this.id = this.#kept(VISITOR_KEY) ?? crypto.getRandomValues(new Uint32Array(4)).join("-");
        this.#keep(VISITOR_KEY, this.id);
        this.#load();
    }

    /** Whether there is a reaction to an update (an id), or to the story (null). */
    hasReacted(update, kind) {
        return this.#reacted.has(pathOf(update, kind));
    }

    /** Reacts, or takes it back, and gives the new count. An error that it throws has a message for people. */
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

    /** From now on by the story's id, which stays when its slug changes; what was kept under the slug goes with it. */
    settle(id) {
        if (id === this.#story) return;
        const names = [id, this.#story].map(keyOf);
        const paths = names.flatMap(key => this.#kept(key)?.split(" ") ?? []);
        this.#story = id;
        this.#reacted = new Set(paths);
        if (paths.length > 0) this.#keep(names[0], [...this.#reacted].join(" "));
        this.#forget(names[1]);
    }

    /** Gives the count after it. */
    async #send(method, path) {
        const response = await this.#fetch(`${this.#base}/stories/${encodeURIComponent(this.#story)}/${path}`, {
            method,
            headers: { "Content-Type": "application/json" },
            body: JSON.stringify({ visitor: this.id }),
            signal: AbortSignal.timeout(this.#timeout),
        }).catch(() => null);
        const answer = response?.ok ? await response.json().catch(() => null) : null;
        if (!answer) throw new Error(refusalWords(response));
        return answer.count;
    }

    #load() {
        this.#reacted = new Set(this.#kept(keyOf(this.#story))?.split(" ") ?? this.#reacted);
    }

    #kept(key) {
        try {
            return (this.#storage ?? localStorage).getItem(key);
        } catch {
            return null;
        }
    }

    #keep(key, value) {
        try {
            (this.#storage ?? localStorage).setItem(key, value);
        } catch {
            // It is refused, or full.
        }
    }

    #forget(key) {
        try {
            (this.#storage ?? localStorage).removeItem(key);
        } catch {
            // It is refused.
        }
    }
}

/** Where the browser keeps what was reacted to of a story. */
function keyOf(story) {
    return `wireroom-reactions-${story}`;
}

/** The buttons of a page: their counts, and what a press does. */
export class ReactionButtons {
    #visitor;
    #tell;
    /** By update (an id), and of the story under null. */
    #counts = new Map();
    #busy = new WeakSet();

    /** `tell(message)` is for what a reader should know. */
    constructor(visitor, tell) {
        [this.#visitor, this.#tell] = [visitor, tell];
    }

    /** The counts of an update (an id) or of the story (null), by kind. */
    counts(update) {
        return this.#counts.get(update) ?? {};
    }

    /** Takes over what a server has written. */
    adopt(root) {
        for (const button of buttonsOf(root)) this.#count(button, Number(button.lastElementChild.textContent));
        this.dress(root);
    }

    /** Brings the buttons of a root to life, all or those that were just made. */
    dress(root) {
        for (const button of buttonsOf(root)) {
            button.disabled = false;
            this.#show(button);
        }
    }

    /** Shows the counts of the API. */
    show(root, { story, updates }) {
        this.#counts = new Map([[null, story], ...Object.entries(updates)]);
        for (const button of buttonsOf(root)) if (!this.#busy.has(button)) this.#show(button);
    }

    /** For a click anywhere. */
    async press(event) {
        const button = event.target.closest("button.react");
        if (!button || this.#busy.has(button)) return;
        const update = updateOf(button);
        const { kind } = button.dataset;
        const isPressed = this.#visitor.hasReacted(update, kind);
        // Nobody likes to wait for a button.
        this.#busy.add(button);
        writeButton(button, (this.counts(update)[kind] ?? 0) + (isPressed ? -1 : 1), !isPressed);
        try {
            this.#count(button, await this.#visitor.toggle(update, kind));
        } catch (error) {
            this.#tell(error.message);
        }
        this.#busy.delete(button);
        this.#show(button);
    }

    #count(button, count) {
        const update = updateOf(button);
        this.#counts.set(update, { ...this.counts(update), [button.dataset.kind]: count });
    }

    #show(button) {
        const [update, { kind }] = [updateOf(button), button.dataset];
        writeButton(button, this.counts(update)[kind], this.#visitor.hasReacted(update, kind));
    }
}

function buttonsOf(root) {
    return root.querySelectorAll("button.react");
}

function updateOf(button) {
    return button.closest("article")?.dataset.id ?? null;
}

function pathOf(update, kind) {
    return `${update ? `updates/${update}/` : ""}reactions/${kind}`;
}

/** Writes what has changed alone: a page has thousands of buttons. */
function writeButton(button, count, isPressed) {
    const [text, number] = [countText(count), button.lastElementChild];
    if (number.textContent !== text) number.textContent = text;
    if (button.getAttribute("aria-pressed") !== String(isPressed)) button.setAttribute("aria-pressed", isPressed);
}

/** Why a press did not count, kindly. */
function refusalWords(response) {
    if (response?.status !== 429) return "That did not work. Please try again.";
    return `That was a lot at once. Please try again in ${response.headers.get("Retry-After") ?? "a few"} seconds.`;
}
