// Who did what to a story; for admins.
import { SignedOut } from "./desk-api.js";
import { button, fill, make, timeElement } from "./desk-dom.js";
import { auditWords, wordsOf } from "./desk-words.js";

/** The part of a story that shows its audit trail. */
export class TrailPart {
    constructor(desk, watch) {
        Object.assign(this, { desk, watch, story: watch.feed.story.id });
        this.rows = make("tbody", {});
        this.table = make("table", {}, make("thead", {}, make("tr", {},
            ...["When", "Who", "What", "Of"].map(name => make("th", { scope: "col" }, name)))), this.rows);
        this.trouble = make("p", { class: "fault", role: "alert" });
        this.older = button("Older", () => this.read(this.address), { hidden: true });
        this.node = make("section", { class: "trail", "aria-labelledby": "trail-title" },
            make("h2", { id: "trail-title" }, "Who did what"), this.trouble,
            make("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": "Audit trail" }, this.table),
            this.older);
        this.start();
    }

    close() {}

    changed(changes) {
        if (changes.length) this.start();
    }

    start() {
        return this.read(`/audit?story=${this.story}`, true);
    }

    async read(address, isFirst = false) {
        try {
            const { value } = await this.desk.api.ask("GET", address);
            if (isFirst) fill(this.rows);
            this.rows.append(...value.entries.map(entry => this.rowNode(entry)));
            this.address = value.older;
            this.older.hidden = !value.older;
            fill(this.trouble);
        } catch (failure) {
            if (!(failure instanceof SignedOut)) fill(this.trouble, failure.message);
        }
    }

    rowNode(entry) {
        const update = entry.update && (this.watch.feed.get(entry.update)
            ?? this.watch.drafts.find(draft => draft.id === entry.update));
        const words = update ? wordsOf(update) : entry.update ? "an update that is gone, or not loaded" : "";
        return make("tr", {},
            ...[timeElement(entry.at), entry.name, auditWords(entry), words].map(cell => make("td", {}, cell)));
    }
}
