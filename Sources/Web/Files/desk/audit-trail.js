// Who did what to a story; for admins.
import { SignedOut } from "./api.js";
import { restoreButton } from "./actions.js";
import { button, fill, make, timeElement } from "./dom.js";
import { HeldRows } from "./stable-list.js";
import { auditWords, wordsOf } from "./labels.js";

/** The part of a story that shows its audit trail. */
export class TrailPart {
    #entries = [];
    #rows = new Map();
    /** What can be restored, by id. */
    #deleted = new Map();

    constructor(desk, watch) {
        Object.assign(this, { desk, watch, story: watch.feed.story.id });
        this.rows = make("tbody", {});
        this.table = make("table", {}, make("thead", {}, make("tr", {},
            ...["When", "Who", "What", "Of"].map(name => make("th", { scope: "col" }, name)))), this.rows);
        this.trouble = make("p", { class: "fault", role: "alert" });
        this.older = button("Older", () => this.read(this.address), { hidden: true });
        const scroll = make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Audit trail" },
            this.table);
        this.held = new HeldRows(this.rows, scroll);
        this.node = make("section", { class: "trail", "aria-labelledby": "trail-title" },
            make("div", { class: "list-head" }, make("h2", { id: "trail-title" }, "Who did what"), this.held.news.node),
            this.trouble, scroll, this.older);
        this.start(true);
    }

    close() {
        this.held.close();
    }

    changed(changes) {
        if (changes.length) this.start();
    }

    start(isAsked = false) {
        return this.read(`/audit?story=${this.story}`, isAsked, true);
    }

    async read(address, isAsked = true, isFirst = false) {
        try {
            const [{ value }, bin] = await Promise.all([
                this.desk.api.ask("GET", address), this.readBin(),
            ]);
            this.#deleted = new Map(bin.map(update => [update.id, update]));
            this.#entries = isFirst ? value.entries : [...this.#entries, ...value.entries];
            this.address = value.older;
            this.older.hidden = !value.older;
            fill(this.trouble);
            this.held.show(this.rowNodes(), isAsked);
        } catch (failure) {
            if (!(failure instanceof SignedOut)) fill(this.trouble, failure.message);
        }
    }

    // Without it the trail is worth reading all the same.
    async readBin() {
        const answer = await this.desk.api.ask("GET", `/stories/${this.story}/bin?limit=200`).catch(() => null);
        return answer?.value.updates ?? [];
    }

    rowNodes() {
        const undoable = new Set(this.#deleted.keys());
        return new Map(this.#entries.map(entry => {
            // Of several deletions of an update the latest is the one that can be undone.
            const isUndoable = entry.action === "update.delete" && undoable.delete(entry.update);
            return [String(entry.number), this.rowNode(entry, isUndoable)];
        }));
    }

    rowNode(entry, isUndoable) {
        const words = this.wordsFor(entry);
        const form = JSON.stringify([words, isUndoable]);
        const known = this.#rows.get(entry.number);
        if (known?.form === form) return known.node;
        const node = known?.node ?? make("tr", {});
        const undo = isUndoable && restoreButton(this.desk, this.story, this.#deleted.get(entry.update), update => {
            this.watch.take(update);
            this.start(true);
        });
        fill(node, ...[timeElement(entry.at), entry.name, auditWords(entry), words].map((cell, index) =>
            make("td", {}, cell, index === 3 && undo && [" ", undo])));
        this.#rows.set(entry.number, { form, node });
        return node;
    }

    wordsFor({ update: id }) {
        if (!id) return "";
        const update = this.watch.feed.get(id) ?? this.watch.drafts.find(draft => draft.id === id)
            ?? this.#deleted.get(id);
        return update ? wordsOf(update) : "an update that is gone, or not loaded";
    }
}
