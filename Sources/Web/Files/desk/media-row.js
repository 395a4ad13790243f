// SPDX-License-Identifier: Apache-2.0
// @ts-check
// One entry of an update's media: a picture, from the choice of its file on, or something by its address.
import { make } from "../shared/dom.js";
import { button, fill } from "./elements.js";
import { AltControl, PointControl } from "./media-controls.js";
import { phrase } from "./phrases.js";
import { isOwnPicture, thumbnailOf } from "./picture-files.js";
import { FieldRow } from "./rows.js";
import { lostLabel, uploadLabel } from "./uploads.js";

/** The members of a picture that the server knows. */
const KNOWN_MEMBERS = ["type", "url", "width", "height"];
export const ALT_NEEDED = phrase("altNeeded");

/** A row of media. A picture being uploaded has `upload`; one whose upload was lost by a reload only its name. */
export class MediaRow extends FieldRow {
    /** @type {Upload|null} */
    #upload = null;
    /** The address of the local file, for as long as the row is shown. */
    #local = "";
    #shownState = "";
    isBuilt = false;

    /**
     * @param {import("./media-rows.js").MediaRows} list
     * @param {Typed} typed `upload` is `{once, name}` of a file that is not uploaded yet.
     */
    constructor(list, typed) {
        super(list, typed);
        this.media = list;
        /** @type {{once: string, name: string}|null} */
        this.pending = typed.upload ?? null;
        this.isPicture = this.pending !== null || isOwnPicture(this.typed.url);
        this.alt = this.#control("alt", AltControl);
        this.point = this.#control("focus", PointControl);
        this.bar = make("progress", { max: "100", "aria-label": phrase("upload") });
        this.words = make("p", {});
        this.now = button(phrase("tryNow"), () => this.#upload?.patience.poke(), { class: "quiet" });
        this.resume = button(phrase("uploadIt"), () => this.#upload && list.pictures.uploads.resume(this.#upload),
            { class: "quiet" });
        this.stop = button(phrase("cancel"), () => this.#upload && list.pictures.uploads.cancel(this.#upload),
            { class: "quiet" });
        this.choose = button(phrase("chooseAgain"), () => list.chooseFor(this), { class: "quiet" });
        this.status = make("div", { class: "upload", hidden: true }, this.words, this.bar,
            make("div", { class: "actions" }, this.now, this.resume, this.stop, this.choose));
        this.legend.after(this.status);
        this.inner.classList.toggle("picture", this.isPicture);
        for (const name of KNOWN_MEMBERS) {
            if (this.isPicture && this.fields.controls.has(name)) this.fields.node(name).hidden = true;
        }
        if (this.isPicture) this.alt.require();
        this.fields.input("credit").setAttribute("list", list.creditList.id);
        this.fields.input("url").addEventListener("change", () => this.showPicture());
        const upload = this.pending && list.pictures.uploads.find(this.pending.once);
        if (upload) this.take(upload);
        this.show();
        this.showPicture();
        this.isBuilt = true;
    }

    /**
     * @template Kind
     * @param {string} name
     * @param {new (...options: any[]) => Kind} kind
     */
    #control(name, kind) {
        const control = this.fields.controls.get(name);
        if (!(control instanceof kind)) throw new Error(`there is no ${name}`);
        return control;
    }

    /** @returns {Typed} */
    get typed() {
        return this.pending ? { ...this.fields.typed, upload: this.pending } : this.fields.typed;
    }

    get kind() {
        return this.isPicture ? phrase("picture") : this.list.one;
    }

    focus() {
        const first = this.isPicture ? "alt" : this.fields.controls.has("type") ? "type" : "url";
        this.fields.input(first).focus();
        // With the picture, and what else can be told of it.
        this.node.scrollIntoView({ block: "nearest" });
    }

    close() {
        if (this.#upload) this.#upload.onChange = () => {};
        if (this.#local) URL.revokeObjectURL(this.#local);
        this.#local = "";
    }

    // --- the upload ---

    /** Whether it will be uploaded without the editor. */
    get isUploading() {
        return this.#upload?.isUnfinished ?? false;
    }

    /** Whether its file has to be chosen again, or its upload resumed. */
    get isMissing() {
        return this.pending !== null && !this.isUploading;
    }

    /** Identifies its upload; undefined if it has none. */
    get once() {
        return this.#upload?.once ?? this.pending?.once;
    }

    /** The name of the file, while it is not uploaded. */
    get fileName() {
        return this.pending?.name ?? "";
    }

    /**
     * Shows an upload from now on.
     * @param {Upload} upload
     */
    take(upload) {
        this.drop();
        this.#upload = upload;
        this.pending = { once: upload.once, name: upload.file.name };
        this.#local = URL.createObjectURL(upload.file);
        upload.onChange = () => this.uploadChanged();
        this.uploadChanged();
        this.showPicture();
    }

    uploadChanged() {
        const upload = this.#upload;
        if (this.pending && upload?.asset) this.finish(upload.asset);
        this.show();
        this.media.uploadsChanged();
    }

    /** @param {UploadedPicture} asset */
    finish({ url, width, height }) {
        this.fields.typed = { url, width: String(width), height: String(height) };
        this.pending = null;
        // While a form is being filled, its input is not whole, and its draft still names the upload.
        if (!this.isBuilt) return;
        this.media.onUploaded();
        if (this.#upload) this.media.pictures.uploads.forget(this.#upload);
    }

    /** Stops and forgets the upload, as the picture is not wanted any more. */
    drop() {
        this.close();
        if (this.#upload) this.media.pictures.uploads.forget(this.#upload);
        this.#upload = null;
    }

    // --- showing ---

    show() {
        const state = this.pending ? this.#upload?.state ?? "lost" : "done";
        const isSending = state === "sending";
        // A hidden button would lose the focus.
        const hadFocus = this.status.contains(document.activeElement);
        this.status.hidden = state === "done";
        this.status.classList.toggle("bad", ["refused", "cancelled", "lost"].includes(state));
        fill(this.words, this.#upload ? uploadLabel(this.#upload) : lostLabel(this.fileName));
        this.bar.hidden = !isSending;
        if (isSending) this.showProgress(this.#upload?.sent ?? 0);
        this.now.hidden = state !== "waiting";
        this.resume.hidden = state !== "cancelled";
        this.stop.hidden = !["queued", "sending", "waiting"].includes(state);
        this.choose.hidden = !["refused", "lost"].includes(state);
        if (hadFocus && !this.status.contains(document.activeElement)) this.focus();
        if (state !== this.#shownState) this.media.announce(state, this.words.textContent ?? "");
        this.#shownState = state;
    }

    /** @param {number} sent */
    showProgress(sent) {
        // While the server works the bar is indeterminate.
        if (sent < 1) this.bar.value = Math.floor(sent * 100);
        else this.bar.removeAttribute("value");
    }

    showPicture() {
        const { type = "image", url, width } = this.typed;
        const isImage = type === "image";
        this.point.picture = this.#local || (isImage ? thumbnailOf({ url, width }) : null);
    }

    /** Whether an alternative text is missing; then says so. */
    lacksAlt() {
        const isMissing = this.isPicture && this.alt.isBlank;
        if (isMissing) this.alt.showFault(ALT_NEEDED);
        return isMissing;
    }

    revealMissing() {
        (this.choose.hidden ? this.resume : this.choose).focus();
    }
}
