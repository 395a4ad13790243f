// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The import of a whole story from one document.
import { make } from "../shared/dom.js";
import { SignedOut } from "./api.js";
import { labelled } from "./dialogs.js";
import { fill, freshId } from "./elements.js";
import { FormFault, mainButton, restoredNotice } from "./form-parts.js";
import { freshKey } from "./outbox.js";
import { phrase, phraseParts } from "./phrases.js";
import { Stopped, troubleText } from "./retry.js";
import { fragmentOf } from "./route.js";
import { importLabels } from "./labels.js";

const IMPORT_STATUSES = [
    ["", phrase("importStatusOwn")], ["draft", phrase("draft")], ["live", phrase("live")], ["closed", phrase("closed")],
];
const IMPORT_HINT = phrase("importHint");

/**
 * Detects the media type of a document.
 * @param {string} text
 * @returns {"application/json"|"text/plain"} An export of Wireroom, or a live page as text.
 */
export function documentType(text) {
    if (!text.trimStart().startsWith("{")) return "text/plain";
    try {
        return "wireroom" in JSON.parse(text) ? "application/json" : "text/plain";
    } catch {
        return "text/plain";
    }
}

/** The view to import a story. */
export class ImportView {
    #unwatch;

    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        this.name = phrase("import");
        this.slot = "import";
        const [fileId, textId, statusId, slugId, hintId] =
            ["file", "text", "status", "slug", "hint"].map(name => freshId(name));
        this.file = make("input", { id: fileId, type: "file", accept: ".txt,.json,text/plain,application/json",
            change: () => this.takeFile() });
        this.text = make("textarea", { id: textId, rows: "12", spellcheck: "false", "aria-describedby": hintId,
            input: () => this.typed() });
        this.status = make("select", { id: statusId },
            ...IMPORT_STATUSES.map(([value, words]) => make("option", { value }, words)));
        this.slug = make("input", { id: slugId, autocomplete: "off", spellcheck: "false",
            input: () => this.fault.clear() });
        this.kind = make("p", { class: "hint", id: hintId }, IMPORT_HINT);
        this.fault = new FormFault();
        this.progress = make("p", { class: "progress" });
        this.above = make("div", { class: "above" });
        this.inner = make("fieldset", { class: "plain" },
            labelled(fileId, phrase("chooseFile"), this.file),
            labelled(textId, phrase("pasteHere"), this.text, this.kind),
            labelled(statusId, phrase("status"), this.status),
            labelled(slugId, phrase("importSlug"), this.slug),
            make("div", { class: "actions" }, mainButton(phrase("import"), null, { type: "submit" })));
        this.report = make("section",
            { class: "report", "aria-label": phrase("report"), tabindex: "-1", hidden: true });
        this.heading = make("h1", { tabindex: "-1" }, phrase("importStory"));
        this.node = make("section", { class: "about" },
            make("a", { class: "back", href: "#/" }, phrase("allStories")), this.heading, this.report,
            make("form", { "aria-label": phrase("import"), novalidate: true, submit: event => {
                event.preventDefault();
                this.send();
            } }, this.above, this.inner, this.fault.node, this.progress));
        this.#unwatch = desk.onOutbox(() => this.showProgress());
        this.restore();
    }

    close() {
        this.#unwatch();
    }

    focus() {
        this.heading.focus();
    }

    restore() {
        const draft = this.desk.drafts.read(this.slot);
        if (draft) this.text.value = draft.text;
        const promise = this.desk.outbox.follow(this.slot);
        if (promise) this.follow(promise);
        else if (draft && !this.desk.drafts.fresh.has(this.slot)) {
            this.above.append(restoredNotice(draft, () => {
                this.clear();
                this.text.focus();
            }));
        }
        this.showKind();
    }

    clear() {
        this.desk.drafts.remove(this.slot);
        this.text.value = "";
        this.file.value = "";
        this.slug.value = "";
        fill(this.above);
        this.showKind();
    }

    async takeFile() {
        const [file] = this.file.files ?? [];
        if (!file) return;
        this.text.value = await file.text();
        this.typed();
    }

    typed() {
        this.fault.clear();
        this.desk.drafts.write(this.slot, { once: freshKey(), text: this.text.value });
        this.showKind();
    }

    showKind() {
        const { value } = this.text;
        const isExport = documentType(value) === "application/json";
        fill(this.kind, !value.trim() ? IMPORT_HINT
            : isExport ? phrase("importIsExport") : phrase("importIsText"));
    }

    send() {
        this.fault.clear();
        const text = this.text.value;
        if (!text.trim()) {
            this.fault.show(phrase("nothingToImport"));
            return this.text.focus();
        }
        const wishes = { status: this.status.value, slug: this.slug.value.trim() };
        const query = new URLSearchParams(Object.entries(wishes).filter(([, value]) => value)).toString();
        const draft = this.desk.drafts.read(this.slot);
        return this.follow(this.desk.outbox.send({
            once: draft?.once ?? freshKey(), path: `/import${query && `?${query}`}`, body: text,
            type: documentType(text), slot: this.slot, label: phrase("importStory"),
        }));
    }

    /** @param {Promise<Answer>} promise */
    async follow(promise) {
        this.inner.disabled = true;
        this.showProgress();
        try {
            const { value } = await promise;
            this.inner.disabled = false;
            const lines = this.text.value.split("\n");
            this.clear();
            this.showReport(value, lines);
        } catch (failure) {
            this.inner.disabled = false;
            fill(this.progress, failure instanceof Stopped
                ? phrase("stoppedImport") : "");
            if (failure instanceof SignedOut || failure instanceof Stopped) return;
            if (this.node.isConnected) this.fault.showFailure(failure);
            else this.desk.sayFailure(failure);
        }
    }

    showProgress() {
        const delivery = this.desk.outbox.of(this.slot);
        fill(this.progress, delivery?.trouble ? troubleText(delivery.trouble) : delivery ? phrase("importing") : "");
    }

    /** @param {Imported} options @param {string[]} lines */
    showReport({ story, report }, lines) {
        const { warnings } = report;
        fill(this.report,
            make("h2", {}, ...phraseParts("importedStory", {
                story: make("a", { href: fragmentOf({ view: "story", id: story.id }) }, story.title),
            })),
            make("ul", { class: "counts" }, ...importLabels(report).map(words => make("li", {}, words))),
            warnings.length > 0
                ? make("div", {},
                    make("h3", {}, phrase("thingsToLookAt", { count: warnings.length })),
                    make("ul", { class: "warnings" }, ...warnings.map(warning => warningNode(warning, lines))))
                : make("p", {}, phrase("nothingLeftOut")));
        this.report.hidden = false;
        this.report.focus();
    }
}

/** @param {ImportReport["warnings"][number]} options @param {string[]} lines */
function warningNode({ line, detail }, lines) {
    const text = line && lines[line - 1]?.trim();
    return make("li", {}, line ? make("strong", {}, phrase("line", { number: line }), " ") : null, detail,
        text && !detail.includes(text) ? make("blockquote", {}, text) : null);
}
