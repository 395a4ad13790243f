// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The desk's root: session, routing, and services shared by all views.
import { WRITTEN, make } from "../shared/dom.js";
import { DeskApi, SignedOut } from "./api.js";
import { AppearanceView } from "./appearance.js";
import { cleanField } from "./clean.js";
import { ColumnsView } from "./columns.js";
import { showPurge } from "./actions.js";
import { openDialog } from "./dialogs.js";
import { button, elementAt, fill } from "./elements.js";
import { Drafts } from "./drafts.js";
import { mainButton } from "./form-parts.js";
import { ImportView } from "./import.js";
import { phrase } from "./phrases.js";
import { NewStoryView } from "./story-form.js";
import { Navigation } from "./navigation.js";
import { freshKey, Outbox } from "./outbox.js";
import { writePage } from "./page-words.js";
import { Pending } from "./pending.js";
import { guardAgainstDrops } from "./picture-input.js";
import { Pictures } from "./pictures.js";
import { Stopped } from "./retry.js";
import { fragmentOf, routeOf } from "./route.js";
import { DeskSettings } from "./settings.js";
import { DeskSession } from "./session.js";
import { editSnippets } from "./snippet-dialog.js";
import { Snippets } from "./snippets.js";
import { StatusMessage } from "./status-message.js";
import { storageOf } from "./storage.js";
import { StoriesView } from "./stories.js";
import { StoryView } from "./story.js";
import { labelOf, savedMessage } from "./labels.js";

const DESK_VIEWS = {
    stories: StoriesView, new: NewStoryView, import: ImportView, story: StoryView, columns: ColumnsView,
    appearance: AppearanceView,
};

/** The application: owns the session, the API client, drafts, the outbox and the current view. */
export class Desk {
    /** @type {Set<() => void>} */
    #watchers = new Set();
    /** @type {DeskView|null} */
    #view = null;
    /** @type {Route|null} */
    #route = null;
    /**
     * The story in which the last success was told.
     * @type {string|undefined}
     */
    #saidIn;

    constructor() {
        this.main = elementAt(document, "#main", HTMLElement);
        this.message = new StatusMessage(elementAt(document, "#status", HTMLElement));
        this.connection = elementAt(document, "#connection", HTMLElement);
        this.who = elementAt(document, "#who", HTMLElement);
        /**
         * The id of the story that was just created, until it is shown.
         * @type {string|null}
         */
        this.begun = null;
        const kept = storageOf(() => localStorage);
        this.session = new DeskSession(storageOf(() => sessionStorage), kept, {
            onIn: () => this.settings.markUsed(), onOut: () => this.signedOut(),
        });
        this.drafts = new Drafts(kept);
        this.settings = new DeskSettings(kept);
        this.navigation = new Navigation(this);
        /** @type {DeskApi} */
        this.api = new DeskApi({ key: () => this.session.key, signIn: () => this.signIn() });
        this.pictures = new Pictures(this.api, kept, () => this.session.identity?.mediaBytes);
        this.snippets = new Snippets(this.api, () => editSnippets(this));
        this.outbox = new Outbox({
            storage: kept, api: this.api, holder: () => this.session.holder,
            onChange: () => this.outboxChanged(),
            onDone: (entry, answer) => this.done(entry, answer),
            onRefused: (...refusal) => this.refused(...refusal),
        });
        this.pending = new Pending(elementAt(document, "#pending", HTMLElement), this.outbox, work => this.hold(work));
    }

    async start() {
        writePage(this.settings);
        addEventListener("hashchange", () => this.follow());
        this.watchKeyboard();
        this.navigation.start();
        // In the capture phase: the text is cleaned before a form's own listeners run.
        document.addEventListener("input", cleanField, true);
        guardAgainstDrops();
        addEventListener("online", () => {
            this.pending.poke();
            this.pictures.uploads.poke();
        });
        addEventListener("beforeunload", event => {
            const isFragile = this.pending.isFragile || this.pictures.uploads.isBusy;
            if (this.session.identity && isFragile) event.preventDefault();
        });
        elementAt(document, ".skip", HTMLElement).addEventListener("click", event => {
            event.preventDefault();
            this.main.focus();
        });
        await this.identify();
        this.enter();
    }

    // Publishes the height of an on-screen keyboard that overlays the page without resizing the window.
    watchKeyboard() {
        const { visualViewport } = globalThis;
        visualViewport?.addEventListener("resize", () => {
            const isZoomed = visualViewport.scale > 1.01;
            const height = isZoomed ? 0 : Math.max(0, innerHeight - visualViewport.height - visualViewport.offsetTop);
            document.documentElement.style.setProperty("--keyboard", `${height}px`);
        });
    }

    // --- session ---

    // Signs in with the key that this tab, this browser or another tab has if it is still valid, else asks for one.
    async identify() {
        const { session } = this;
        const key = session.key ?? await session.tabs.ask();
        if (!key) return session.ask(this.api, "", () => {});
        try {
            const take = () => session.take(this.api, key);
            await this.pending.persist(phrase("signIn"), take, undefined, phrase("notYetSignedIn"));
        } catch (failure) {
            const isRefused = failure.status === 401;
            if (isRefused) session.forget();
            await session.ask(this.api, isRefused ? phrase("keyEnded") : "", () => {});
        }
    }

    enter() {
        this.showWho();
        this.outbox.resume();
        this.#route = null;
        this.follow();
    }

    showWho() {
        const { name, role } = this.session.identity;
        fill(this.who, ...this.navigation.buttons(),
            make("span", { class: "name", title: name }, role === "admin" ? phrase("adminName", { name }) : name),
            button(phrase("signOut"), () => this.signOut(), { class: "quiet" }));
    }

    // Called after a 401: asks for a new key; pending requests are then retried with it.
    /** @returns {Promise<void>} */
    signIn() {
        const why = phrase("keyNotGood");
        this.session.dropKept();
        return this.session.ask(this.api, why, () => {
            this.showWho();
            this.pending.poke();
        }).catch(failure => {
            if (this.session.identity) this.leave();
            throw failure;
        });
    }

    async signOut() {
        const kept = this.drafts.list().filter(({ slot }) => !slot.endsWith("/author"));
        if (kept.length > 0) {
            const answer = await openDialog(phrase("signOut"), [
                make("p", {}, phrase("keptHere", { count: kept.length })),
            ], close => [
                button(phrase("cancel"), () => close(null)),
                button(phrase("discardAndSignOut"), () => close("discard")),
                mainButton(phrase("keepAndSignOut"), () => close("keep"), { autofocus: true }),
            ]);
            if (!answer) return;
            if (answer === "discard") for (const { slot } of kept) this.drafts.remove(slot);
        }
        this.leave();
    }

    // The editor has signed out in another tab.
    signedOut() {
        if (!this.session.identity) return;
        this.session.forget();
        this.leave();
    }

    leave() {
        if (this.session.identity) this.session.signOut();
        for (const dialog of document.querySelectorAll("dialog")) {
            if (dialog.open && dialog.id !== "signin") dialog.close();
        }
        this.#view?.close();
        this.#view = null;
        for (const place of [this.main, this.who]) fill(place);
        this.message.clear();
        // The reload discards all other state.
        location.reload();
    }

    // --- routing ---

    /**
     * Navigates to a route.
     * @param {Route} route
     */
    go(route) {
        const fragment = fragmentOf(route);
        if (location.hash === fragment) this.follow();
        else location.hash = fragment;
    }

    follow() {
        const route = routeOf(location.hash);
        if (!route || !this.session.identity) return;
        const isSame = this.#route?.view === route.view && this.#route.id === route.id;
        this.#route = route;
        // A message about one story must not appear above another.
        if (!isSame && route.view === "story" && this.#saidIn) this.message.clearSuccess();
        if (isSame && this.#view?.go) return this.#view.go(route);
        this.#view?.close();
        /** @type {DeskView} */
        const view = new DESK_VIEWS[route.view](this, route);
        this.#view = view;
        fill(this.main, view.node);
        document.title = phrase("pageTitle", { name: view.name });
        scrollTo(0, 0);
        view.focus();
    }

    /** The view that is shown. */
    get view() {
        return this.#view;
    }

    /** What can be done from where the editor is, for the palette. */
    commands() {
        return [...this.#view?.commands?.() ?? [], ...this.navigation.commands()];
    }

    // --- shared by all views ---

    /**
     * Shows a success message; it disappears after a few seconds.
     * @param {string} words
     * @param {...HTMLElement} actions Buttons, such as to undo.
     */
    say(words, ...actions) {
        this.#saidIn = this.#route?.id;
        this.message.show(words, actions);
    }

    /**
     * Shows a success message about an update, which it names.
     * @param {{title?: string|null, body?: string}} update
     * @param {string} words
     * @param {...HTMLElement} actions
     */
    sayOf(update, words, ...actions) {
        this.say(words, make("q", WRITTEN, labelOf(update)), ...actions);
    }

    /**
     * Shows a failure; it stays until it is closed or replaced by the next message.
     * @param {Failure} failure
     */
    sayFailure(failure) {
        if (failure instanceof SignedOut || failure instanceof Stopped) return;
        const reasons = failure.errors?.length ? failure.errors.map(error => error.detail).join("; ") : failure.message;
        const values = { title: failure.title ?? phrase("notDone"), reasons, id: failure.requestId ?? "" };
        this.message.showFailure(failure.requestId ? phrase("failedRequest", values) : phrase("failed", values));
    }

    /**
     * Shows that the view may be stale; null clears the message.
     * @param {Failure|null} trouble
     */
    showConnection(trouble) {
        const words = trouble ? phrase("notUpToDateTrying", { reason: trouble.message }) : "";
        if (this.connection.textContent !== words) fill(this.connection, words);
    }

    /**
     * Registers a listener for changes of the outbox.
     * @returns {() => void} Unregisters it.
     * @param {() => void} watcher
     */
    onOutbox(watcher) {
        this.#watchers.add(watcher);
        return () => this.#watchers.delete(watcher);
    }

    outboxChanged() {
        this.hold(() => {
            this.pending?.show();
            for (const watcher of this.#watchers) watcher();
        });
    }

    /**
     * Runs a layout change above the list; scrolls to compensate while the list is in use.
     * @param {() => void} work
     */
    hold(work) {
        if (this.#view?.hold) this.#view.hold(work);
        else work();
    }

    /**
     * Retries a request until it is answered. The message about an earlier one is no longer shown.
     * @param {string} label
     * @param {() => Promise<Answer>} action
     * @param {(words: string) => void} told
     */
    persist(label, action, told = () => {}) {
        this.message.hide();
        return this.pending.persist(label, action, told);
    }

    /** @param {Entry} entry @param {Answer} answer */
    done(entry, answer) {
        // Another window may have stored a different draft in the slot.
        if (this.drafts.read(entry.slot)?.once === entry.once) this.drafts.remove(entry.slot);
        const kind = entry.slot.split("/")[1] ?? entry.slot;
        /** @type {Record<string, () => string>} */
        const words = {
            new: () => savedMessage(answer.value), "new-story": () => phrase("created"),
            import: () => phrase("imported"), strike: () => phrase("retractedSaid"),
            takedown: () => phrase("takenDownSaid"),
        };
        const said = words[kind]?.() ?? phrase("saved");
        if (kind === "new" || kind === "strike") this.sayOf(answer.value, said);
        else this.say(said);
        if (kind !== "takedown") return;
        const [story, , update] = entry.slot.split("/");
        this.drafts.forgetUpdate(story, update);
        // Once the dialog that requested it has closed.
        setTimeout(() => showPurge(answer.value));
    }

    /** @param {Entry} entry @param {Failure} failure @param {boolean} isFollowed */
    refused(entry, failure, isFollowed) {
        const draft = this.drafts.read(entry.slot);
        // It may have been processed: keeps the body, so that the edited text is sent under the same idempotency key.
        if (failure instanceof Stopped && draft) {
            const sent = (draft.sent ?? []).filter(body => body !== entry.body);
            this.drafts.write(entry.slot, { ...draft, sent: [entry.body, ...sent] });
        }
        if (failure.kind === "taken-down") this.forgetTakenDown(entry, failure, draft);
        if (!isFollowed) this.sayFailure(failure);
    }

    /**
     * Removes the draft of an update that was taken down. A draft edited since is a new update, with a new key.
     * @param {Entry} entry
     * @param {Failure} failure
     * @param {Draft|null} draft
     */
    forgetTakenDown(entry, failure, draft) {
        if (draft?.once !== entry.once) return;
        if (failure.refusedBody === entry.body) this.drafts.remove(entry.slot);
        else this.drafts.write(entry.slot, { ...draft, once: freshKey(), sent: [] });
    }

    /**
     * Reads several stories, most recently modified first; skips those that do not exist.
     * @param {string[]} ids
     */
    async readStories(ids) {
        const read = await Promise.all(ids.map(id => this.readStory(id)));
        return read.flat().sort((one, other) => one.modifiedAt < other.modifiedAt ? 1 : -1);
    }

    /**
     * @param {string} id
     * @returns {Promise<ListedStory[]>} Empty if it does not exist.
     */
    async readStory(id) {
        try {
            return [(await this.api.ask("GET", `/stories/${id}`)).value];
        } catch (failure) {
            if (failure.status === 404) return [];
            throw failure;
        }
    }

    /**
     * The latest stories, at most 200.
     * @returns {Promise<ListedStory[]>}
     */
    async storiesToChoose() {
        return (await this.api.ask("GET", "/stories?limit=200")).value.stories;
    }

    /** @param {string} id */
    forgetStory(id) {
        for (const { slot } of this.drafts.list(`${id}/`)) this.drafts.remove(slot);
    }
}

new Desk().start();
