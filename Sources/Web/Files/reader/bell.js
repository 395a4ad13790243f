// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The bell: a reader asks to be notified of key events of the story (Web Push). Permission is asked for only after a
// press.
import { make } from "../shared/dom.js";
import { SoundSwitch } from "./sound.js";

const WORKER = "/push-worker.js";
const KEPT = "wireroom-push";
/** Milliseconds. */
const BELL_TIMEOUT = 15_000;
/** Milliseconds after which a subscription is sent again, in case the server has removed it. */
const RENEWAL = 24 * 3600 * 1000;
/** @type {BellMemory} */
const NOTHING = { endpoint: "", stories: {}, renewedAt: {} };

/** The bell of one story. Which stories a browser follows is kept in local storage, with the endpoint it was told. */
export class Bell {
    #isBusy = false;
    #kept = NOTHING;

    /**
     * @param {HTMLElement} node The element for it, with the server's key.
     * @param {string} story Id.
     * @param {Words} words
     * @param {BellBrowser} browser
     */
    constructor(node, story, words, browser = usualBrowser()) {
        this.node = node;
        this.story = story;
        this.browser = browser;
        this.button = make("button", { type: "button", click: () => this.press() });
        this.words = words;
        this.message = make("span", { role: "status" });
    }

    /** Whether the browser can be notified. */
    get isSupported() {
        const { workers, Notification } = this.browser;
        return Boolean(workers && Notification && this.browser.hasPush && this.node.dataset.key);
    }

    /** Whether this browser follows the story. */
    get isOn() {
        return this.story in this.#kept.stories;
    }

    /**
     * Shows the bell, and renews a subscription that the browser or the server may have replaced or removed.
     * @param {string} status The story's.
     */
    async start(status) {
        if (!this.isSupported) return;
        const sound = this.browser.sound?.(this.words);
        this.node.replaceChildren(this.button, " ", ...(sound ? [sound.button, " "] : []), this.message);
        this.#load();
        this.show(status);
        if (!this.isOn) return;
        if (this.browser.Notification?.permission !== "granted") return this.#keep(NOTHING);
        // Of a story that is not live the server refuses them.
        if (status !== "live") return;
        if (!await this.#isCurrent()) return this.#attempt(() => this.#follow());
        const age = this.browser.now() - (this.#kept.renewedAt[this.story] ?? 0);
        // Quietly.
        if (age >= RENEWAL) await this.#attempt(() => this.#follow().then(() => "", () => ""));
    }

    /** Whether the server was told of the browser's subscription as it is. */
    async #isCurrent() {
        const present = await this.#present().catch(() => null);
        return present?.endpoint === this.#kept.endpoint && this.#kept.stories[this.story] !== ""
            && textOfKey(present.options.applicationServerKey) === this.node.dataset.key;
    }

    /**
     * Nobody is notified of a story that is closed.
     * @param {string} status
     */
    show(status) {
        this.node.hidden = status !== "live" || !this.isSupported;
        this.#label();
    }

    #label() {
        this.button.className = this.isOn ? "on" : "";
        this.button.textContent = this.words.say(this.isOn ? "bellOn" : "bellOff");
    }

    /** @param {string} key Empty: nothing. */
    #tell(key) {
        this.message.textContent = key && this.words.say(key);
    }

    async press() {
        if (this.#isBusy) return;
        this.#load();
        await this.#attempt(() => (this.isOn ? this.#leave() : this.#follow()));
    }

    /** @param {() => Promise<string>} action Returns the key of what to say. */
    async #attempt(action) {
        this.#isBusy = true;
        // Not disabled: that would lose the focus.
        this.button.setAttribute("aria-disabled", "true");
        this.#tell("");
        try {
            this.#tell(await action());
        } catch (failure) {
            this.#tell(failure instanceof BellRefusal ? failure.message : "bellFailed");
        }
        this.#isBusy = false;
        this.button.removeAttribute("aria-disabled");
        this.#label();
    }

    async #follow() {
        const permission = await this.browser.Notification?.requestPermission();
        if (permission === "denied") throw new BellRefusal("bellBlocked");
        if (permission !== "granted") throw new BellRefusal("bellRefused");
        const subscription = await this.#subscribed();
        const { id } = await this.#ask("POST", "", JSON.stringify(subscription));
        const { endpoint, stories, renewedAt } = this.#kept;
        // The server forgets former endpoints by itself; stories followed by one are renewed as they are opened.
        const others = endpoint === subscription.endpoint ? stories
            : Object.fromEntries(Object.keys(stories).map(story => [story, ""]));
        this.#keep({
            endpoint: subscription.endpoint, stories: { ...others, [this.story]: id },
            renewedAt: { ...renewedAt, [this.story]: this.browser.now() },
        });
        return "bellFollowed";
    }

    async #leave() {
        const id = this.#kept.stories[this.story];
        if (id) await this.#ask("DELETE", `/${id}`);
        const { [this.story]: _, ...stories } = this.#kept.stories;
        const { [this.story]: __, ...renewedAt } = this.#kept.renewedAt;
        this.#keep({ endpoint: this.#kept.endpoint, stories, renewedAt });
        if (Object.keys(stories).length === 0) await (await this.#present())?.unsubscribe();
        return "bellLeft";
    }

    /** The browser's subscription, made anew if it is for another key. */
    async #subscribed() {
        await this.browser.workers?.register(WORKER);
        const registration = await this.browser.workers?.ready;
        if (!registration) throw new Error("no worker");
        const key = this.node.dataset.key ?? "";
        const present = await registration.pushManager.getSubscription();
        const isForKey = present && textOfKey(present.options.applicationServerKey) === key;
        if (present && isForKey) return present;
        await present?.unsubscribe();
        return registration.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
    }

    async #present() {
        const registration = await this.browser.workers?.getRegistration(WORKER);
        return await registration?.pushManager.getSubscription() ?? null;
    }

    /** @param {string} method @param {string} path @param {string} [body] */
    async #ask(method, path, body) {
        const response = await this.browser.fetch(`/stories/${this.story}/push-subscriptions${path}`, {
            method, ...body && { body, headers: { "Content-Type": "application/json" } },
            signal: (
                /** @type {AbortSignals} */
                (AbortSignal)
            ).timeout(BELL_TIMEOUT),
        }).catch(() => null);
        if (!response) throw new BellRefusal("bellUnreachable");
        // What is gone already needs no deleting.
        if (method === "DELETE" && (response.ok || response.status === 404)) return {};
        if (response.status === 429) throw new BellRefusal("bellTooMany");
        if (!response.ok) throw new BellRefusal("bellRejected");
        return response.json();
    }

    #load() {
        try {
            this.#kept = { ...NOTHING, ...JSON.parse(this.browser.storage.getItem(KEPT) ?? "{}") };
        } catch {
            // The storage is forbidden, or holds something else.
        }
    }

    /** @param {BellMemory} memory */
    #keep(memory) {
        this.#kept = memory;
        try {
            this.browser.storage.setItem(KEPT, JSON.stringify(memory));
        } catch {
            // The storage is forbidden or full.
        }
        this.#label();
    }
}

/** An error whose message is the key of what readers are told. */
class BellRefusal extends Error {}

/** @param {ArrayBuffer|null} key */
function textOfKey(key) {
    const characters = String.fromCharCode(...new Uint8Array(key ?? new ArrayBuffer(0)));
    return btoa(characters).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

/** @returns {BellBrowser} */
function usualBrowser() {
    return {
        workers: navigator.serviceWorker, Notification: globalThis.Notification,
        hasPush: "PushManager" in globalThis,
        fetch: (input, init) => fetch(input, init),
        storage: {
            getItem: name => localStorage.getItem(name),
            setItem: (name, value) => localStorage.setItem(name, value),
        },
        now: () => Date.now(),
        ...("AudioContext" in globalThis && { sound: words => new SoundSwitch(words) }),
    };
}
