// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The view of the site's appearance: what an admin sets of it, with a preview.
import { make } from "../shared/dom.js";
import { resolveConflict } from "./conflict.js";
import { contrastLabel, contrastRatio } from "./contrast.js";
import { button, fill } from "./elements.js";
import { Fields } from "./fields.js";
import { FontUpload } from "./font-upload.js";
import { FormFault, mainButton, restoredNotice } from "./form-parts.js";
import { phrase } from "./phrases.js";
import { Stopped } from "./retry.js";
import { saveChange } from "./save.js";
import { BUILT_IN, SITE_FIELDS } from "./site-fields.js";
import { SitePreview } from "./site-preview.js";
import { chooseRevision } from "./site-revisions.js";
import { isSame, patchOf, typedMembers } from "./values.js";

const SITE_SLOT = "site";

/** The view of the site's appearance. */
export class AppearanceView {
    /** @type {Pick<Begun, "base"|"tag">|null} */
    #from = null;

    /** @param {Desk} desk */
    constructor(desk) {
        this.desk = desk;
        this.name = phrase("appearance");
        this.heading = make("h1", { tabindex: "-1" }, phrase("appearance"));
        this.fault = new FormFault();
        this.fields = new Fields(SITE_FIELDS, () => this.changed(), { pictures: desk.pictures });
        this.preview = new SitePreview(desk);
        this.fonts = new FontUpload(desk, this.fields.node("fonts"));
        this.above = make("div", { class: "above" });
        this.progress = make("p", { class: "progress" });
        this.inner = make("fieldset", { class: "plain", disabled: true },
            ...SITE_FIELDS.map(field => this.fields.node(field.name)));
        this.form = make("form", { class: "story-form", "aria-label": phrase("appearance"), novalidate: true,
            submit: event => {
                event.preventDefault();
                this.save();
            } }, this.above, this.inner, this.fault.node,
        make("div", { class: "actions" }, mainButton(phrase("save"), null, { type: "submit" }),
            button(phrase("formerSettings"), () => this.restore(), { class: "quiet" })), this.progress);
        this.node = make("section", { class: "appearance" },
            make("a", { class: "back", href: "#/" }, phrase("allStories")), this.heading,
            make("div", { class: "beside" }, this.form, this.preview.node));
        this.open();
    }

    close() {
        this.fields.close();
        this.preview.close();
    }

    focus() {
        this.heading.focus();
    }

    get begun() {
        if (!this.#from) throw new Error("the form is not filled yet");
        return this.#from;
    }

    get patch() {
        return patchOf(SITE_FIELDS, this.begun.base, this.fields.typed);
    }

    async open() {
        const draft = this.desk.drafts.read(SITE_SLOT);
        try {
            const begun = draft ?? await this.read();
            // What was changed while it was read stays; saving finds out whether others have changed the same.
            if (this.#from && !isSame(this.patch, {})) return;
            this.start(begun);
        } catch (failure) {
            return this.showFailure(failure);
        }
        fill(this.above);
        if (draft && !this.desk.drafts.fresh.has(SITE_SLOT)) {
            this.above.append(restoredNotice(draft, () => this.discard()));
        }
    }

    // At once to what it was begun from, and then to what has been saved since.
    discard() {
        this.desk.drafts.remove(SITE_SLOT);
        fill(this.above);
        this.start({ ...this.begun, typed: typedMembers(SITE_FIELDS, this.begun.base) });
        return this.open();
    }

    async read() {
        const { value, tag } = await this.desk.api.ask("GET", "/site");
        return { base: value, tag, typed: typedMembers(SITE_FIELDS, value) };
    }

    /** @param {Begun} options */
    start({ base, tag, typed }) {
        this.#from = { base, tag };
        this.fields.typed = typed;
        this.inner.disabled = false;
        this.show();
    }

    changed() {
        this.fault.clear();
        if (!this.#from) return;
        if (isSame(this.patch, {})) this.desk.drafts.remove(SITE_SLOT);
        else this.desk.drafts.write(SITE_SLOT, { ...this.begun, typed: this.fields.typed });
        this.show();
    }

    show() {
        this.showContrasts();
        this.preview.show({ ...this.begun.base, ...this.patch });
    }

    showContrasts() {
        const { colors } = this.fields.typed;
        for (const [scheme, builtInPalette] of Object.entries(BUILT_IN)) {
            const palette = { ...builtInPalette, ...givenColors(colors[scheme]) };
            for (const [name, builtIn] of Object.entries(builtInPalette)) {
                const isGround = name === "background";
                const ratio = contrastRatio(isGround ? palette.text : palette[name], palette.background);
                const isShown = isGround ? colors[scheme].background && !colors[scheme].text : colors[scheme][name];
                this.colorControl(scheme, name).showContrast(isShown ? contrastLabel(ratio) : "", builtIn);
            }
        }
    }

    /**
     * @param {string} scheme
     * @param {string} name
     * @returns {import("./site-controls.js").ColorControl}
     */
    colorControl(scheme, name) {
        /** @type {*} */
        let control = { fields: this.fields };
        for (const step of ["colors", scheme, name]) control = control.fields.controls.get(step);
        return control;
    }

    async save() {
        if (this.inner.disabled) return;
        this.fields.clearFaults();
        this.fault.clear();
        if (isSame(this.patch, {})) return this.desk.say(phrase("nothingChanged"));
        let { base } = this.begun;
        this.lock(true);
        try {
            const saved = await saveChange({
                ...this.begun, typed: this.fields.typed, fields: SITE_FIELDS,
                send: (patch, match) => this.put({ ...base, ...patch }, match),
                resolve: (was, mine, theirs) => {
                    base = theirs;
                    return resolveConflict(SITE_FIELDS, was, mine, theirs);
                },
            });
            const isOpen = saved.state === "open";
            this.start({ ...saved, typed: isOpen ? saved.typed : typedMembers(SITE_FIELDS, saved.base) });
            if (isOpen) this.changed();
            else this.done();
        } catch (failure) {
            this.showFailure(failure);
        } finally {
            this.lock(false);
        }
    }

    async restore() {
        const settings = await chooseRevision(this.desk);
        if (!settings) return;
        this.lock(true);
        try {
            const { value, tag } = await this.put(settings, null);
            this.start({ base: value, tag, typed: typedMembers(SITE_FIELDS, value) });
            this.done();
        } catch (failure) {
            this.showFailure(failure);
        } finally {
            this.lock(false);
        }
    }

    /** @param {Thing} settings @param {string|null} match */
    put(settings, match) {
        return this.desk.persist(phrase("saveAppearance"),
            () => this.desk.api.ask("PUT", "/site", { json: settings, match }), words => fill(this.progress, words));
    }

    done() {
        this.desk.drafts.remove(SITE_SLOT);
        fill(this.above);
        this.desk.say(phrase("savedForReaders"));
    }

    /** @param {boolean} isLocked */
    lock(isLocked) {
        this.inner.disabled = isLocked;
        fill(this.progress, isLocked && phrase("saving"));
    }

    /** @param {Failure} failure */
    showFailure(failure) {
        // Focus goes to the first field at fault.
        this.inner.disabled = !this.#from;
        if (!(failure instanceof Stopped)) this.fault.showFailure(failure, this.fields);
    }
}

/**
 * The members that have a value.
 * @param {Record<string, string>} palette
 * @returns {Record<string, string>}
 */
function givenColors(palette) {
    return Object.fromEntries(Object.entries(palette).filter(([, color]) => color));
}
