// What was deleted of a story, and can be restored.
import { SignedOut } from "./api.js";
import { restoreButton, takeDownUpdate } from "./actions.js";
import { WRITTEN_TEXT, button, fill, make, named, showRendered, timeElement } from "./dom.js";
import { HeldRows } from "./stable-list.js";
import { wordsOf } from "./labels.js";

/** The part of a story that shows its bin, what was deleted last on top. */
export class BinPart {
    #rows = new Map();
    #updates = [];

    constructor(desk, watch) {
        Object.assign(this, { desk, watch, story: watch.feed.story.id });
        this.list = make("div", { class: "items" });
        this.held = new HeldRows(this.list);
        this.empty = make("p", { class: "nothing" }, "Reading…");
        this.trouble = make("p", { class: "fault", role: "alert" });
        this.older = button("Older", () => this.read(this.address), { hidden: true });
        this.node = make("section", { class: "bin", "aria-labelledby": "bin-title" },
            make("div", { class: "list-head" }, make("h2", { id: "bin-title", tabindex: "-1" }, "Deleted updates"),
                this.held.news.node),
            this.trouble, this.list, this.empty, this.older);
        this.start(true);
    }

    close() {
        this.held.close();
    }

    changed(changes) {
        if (changes.length) this.start();
    }

    start(isAsked = false) {
        return this.read(`/stories/${this.story}/bin`, isAsked, true);
    }

    async read(address, isAsked = true, isFirst = false) {
        try {
            const { value } = await this.desk.api.ask("GET", address);
            this.#updates = isFirst ? value.updates : [...this.#updates, ...value.updates];
            this.address = value.older ?? null;
            this.older.hidden = !this.address;
            fill(this.trouble);
            fill(this.empty, "Nothing was deleted.");
            this.empty.hidden = this.#updates.length > 0;
            this.held.show(new Map(this.#updates.map(update => [update.id, this.rowOf(update)])), isAsked);
        } catch (failure) {
            if (failure instanceof SignedOut) return;
            fill(this.empty);
            fill(this.trouble, failure.message);
        }
    }

    rowOf(update) {
        const known = this.#rows.get(update.id);
        if (known?.deletedAt === update.deletedAt) return known.node;
        const { deletedAt, deletedBy, keptUntil, title, bodyHtml } = update;
        const body = make("div", { class: "body" });
        showRendered(body, bodyHtml);
        const node = make("article", { class: "update deleted", "aria-label": wordsOf(update), tabindex: "-1" },
            make("div", { class: "item" },
                make("p", { class: "when" }, "Deleted ", timeElement(deletedAt),
                    ...deletedBy ? [" by ", named(deletedBy)] : [], " · kept until ", timeElement(keptUntil)),
                title && make("h3", WRITTEN_TEXT, title), body,
                make("div", { class: "actions" },
                    restoreButton(this.desk, this.story, update, restored => this.restored(restored), "Restore"),
                    button("Take down…", () => this.takeDown(update),
                        { class: "quiet grave", "aria-label": `Take down…: ${wordsOf(update)}` }))));
        this.#rows.set(update.id, { deletedAt, node });
        return node;
    }

    // What must not be kept at all must not lie here either.
    async takeDown(update) {
        if (await takeDownUpdate(this.desk, this.watch.feed.story, update)) await this.start(true);
    }

    restored(update) {
        this.watch.take(update);
        this.node.querySelector("h2").focus();
        return this.start(true);
    }
}
