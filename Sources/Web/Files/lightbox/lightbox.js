// SPDX-License-Identifier: Apache-2.0
// @ts-check
import { WRITTEN, make } from "../shared/dom.js";

// The lightbox, for the reader's page and the widget: shows the pictures of an update, or of the story, as large as
// they fit, one at a time. A script of its own, because few readers need it.

/** In pixels: shorter movements are no swipes. */
const SWIPE = 48;

const sheet = new CSSStyleSheet();
sheet.replaceSync(`
dialog{position:fixed;inset:0;box-sizing:border-box;width:100%;height:100%;max-width:none;max-height:none;margin:0;
border:0;padding:3.5rem .75rem .75rem;background:#141312;color:#fff;font:1rem/1.5 system-ui,sans-serif;
overscroll-behavior:contain;overflow-wrap:anywhere}
dialog::backdrop{background:none}
dialog[open]{display:grid;grid-template-rows:minmax(0,1fr) auto;gap:.75rem;justify-items:center}
.stage{display:grid;grid-template:100%/100%;place-items:center;width:100%;min-height:0}
.stage picture{display:contents}
img{max-width:100%;max-height:100%;height:auto;object-fit:contain}
.words{max-width:44rem;max-height:30vh;overflow-y:auto;text-align:center}
p{margin:0}
p, small{font-size:.875rem;color:#d5d0c9}
p:last-child:not(:first-child){font-size:1rem;color:#fff}
button, a{position:absolute;box-sizing:border-box;min-width:2.75rem;height:2.75rem;padding:0 .75rem;border:0;
border-radius:2rem;background:#2b2927;color:#fff;font:1rem/2.75rem system-ui,sans-serif;text-decoration:none;
cursor:pointer}
button:hover, a:hover{background:#4a4744}
:focus-visible{outline:3px solid #9cc6f0;outline-offset:2px}
.close, .previous, .next{padding:0;font-size:1.5rem}
.close{top:.375rem;inset-inline-end:.5rem}
.full{top:.375rem;inset-inline-start:.5rem}
.previous, .next{top:calc(50% - 1.375rem)}
.previous{inset-inline-start:.5rem}
.next{inset-inline-end:.5rem}
:dir(rtl):is(.previous, .next){transform:scaleX(-1)}
source, [hidden]{display:none}
@media print{dialog[open]{display:none}}`);

/**
 * Opens the picture of a link, unless one is open.
 * @param {HTMLAnchorElement} link
 * @param {Words} words
 */
export async function openLightbox(link, words) {
    await nextFrame();
    if (!Lightbox.isOpen) new Lightbox(link, words).open();
}

/**
 * Waits until the next frame is painted: a modal dialog has browsers restyle the whole page when it opens and closes,
 * and what answers a click or key should not wait for that.
 */
function nextFrame() {
    return new Promise(resolve => requestAnimationFrame(() => setTimeout(resolve)));
}

class Lightbox {
    static isOpen = false;

    #root;
    /** The id of the element whose pictures are shown. */
    #scope;
    #opener;
    /** The address of the picture that is shown. */
    #address;
    /** What is shown, as text: it is drawn again when that changes. */
    #form = "";
    #host = make("div", {});
    #stage = make("div", { class: "stage" });
    #words = make("div", { class: "words", "aria-live": "polite" });
    #close = make("button", { type: "button", class: "close", autofocus: true }, "×");
    #full = make("a", { class: "full", target: "_blank", rel: "noopener noreferrer" });
    #previous = make("button", { type: "button", class: "previous" }, "‹");
    #next = make("button", { type: "button", class: "next" }, "›");
    #dialog;
    #catalogue;

    /** @param {HTMLAnchorElement} link @param {Words} words */
    constructor(link, words) {
        this.#catalogue = words;
        this.#dialog = make(
            "dialog", { lang: words.language, dir: words.dir },
            this.#stage, this.#words, this.#full, this.#previous, this.#next, this.#close);
        this.#close.setAttribute("aria-label", words.say("close"));
        this.#full.textContent = words.say("fullSize");
        this.#previous.setAttribute("aria-label", words.say("previousPicture"));
        this.#next.setAttribute("aria-label", words.say("nextPicture"));
        this.#root = (
            /** @type {Document|ShadowRoot} */
            (link.getRootNode())
        );
        this.#scope = link.closest("[id]")?.id ?? "";
        this.#opener = link;
        this.#address = link.href;
        // A shadow root keeps the styles of the page away.
        const root = this.#host.attachShadow({ mode: "open" });
        root.adoptedStyleSheets = [sheet];
        root.append(this.#dialog);
    }

    open() {
        if (!this.#draw()) return;
        document.body.append(this.#host);
        this.#listen();
        Lightbox.isOpen = true;
        const release = holdPage();
        // Follows edits and removals of the update.
        const observer = new MutationObserver(() => this.#draw() || this.#dialog.close());
        observer.observe(this.#root, { subtree: true, childList: true, characterData: true, attributes: true });
        this.#dialog.addEventListener("close", () => {
            observer.disconnect();
            this.#host.remove();
            release();
            Lightbox.isOpen = false;
            this.#returnFocus();
        });
        this.#dialog.showModal();
    }

    #listen() {
        /** @param {Element} element @param {string} name @param {(event: any) => void} handle */
        const on = (element, name, handle) => element.addEventListener(name, handle, { passive: true });
        on(this.#close, "click", () => this.#leave());
        on(this.#previous, "click", () => this.#move(-1));
        on(this.#next, "click", () => this.#move(1));
        on(this.#dialog, "click", ({ target }) =>
            [this.#dialog, this.#stage].includes(target) && this.#leave());
        this.#dialog.addEventListener("keydown", event => {
            const { key } = event;
            if (key === "Escape") {
                event.preventDefault();
                this.#leave();
            }
            if (key === "ArrowLeft") this.#move(-this.#forward);
            if (key === "ArrowRight") this.#move(this.#forward);
        });
        let [x, y] = [NaN, NaN];
        on(this.#dialog, "touchstart", ({ touches }) => {
            // With two fingers readers zoom, and with one they move what they have zoomed into.
            const isFree = touches.length === 1 && (visualViewport?.scale ?? 1) === 1;
            [x, y] = isFree ? [touches[0].clientX, touches[0].clientY] : [NaN, NaN];
        });
        on(this.#dialog, "touchend", ({ changedTouches: [{ clientX, clientY }] }) => {
            const [across, down] = [clientX - x, clientY - y];
            if (Math.abs(across) > Math.max(SWIPE, 2 * Math.abs(down))) this.#move(-Math.sign(across) * this.#forward);
        });
    }

    /** Lets the page be seen, then closes. */
    async #leave() {
        this.#dialog.style.opacity = "0";
        await nextFrame();
        this.#dialog.close();
    }

    /** The step to the right: pictures follow one another as the words do. */
    get #forward() {
        return this.#catalogue.dir === "rtl" ? -1 : 1;
    }

    #links() {
        /** @type {NodeListOf<HTMLAnchorElement>|undefined} */
        const links = this.#root.getElementById(this.#scope)?.querySelectorAll("a.enlarge");
        return [...(links ?? [])];
    }

    /** @param {number} step */
    #move(step) {
        const links = withoutCopies(this.#links());
        const index = links.findIndex(({ href }) => href === this.#address);
        this.#address = links.at((index + step) % links.length)?.href ?? "";
        this.#draw();
    }

    /** Draws the picture if it has changed; returns false if it is not on the page any more. */
    #draw() {
        const links = withoutCopies(this.#links());
        const index = links.findIndex(({ href }) => href === this.#address);
        if (index < 0) return false;
        const image = (
            /** @type {HTMLImageElement} */
            (links[index].querySelector("img"))
        );
        const caption = links[index].parentElement?.querySelector("figcaption") ?? make("p", {});
        const [words, values] = [this.#catalogue, { number: index + 1, count: links.length }];
        const place = links.length > 1 ? words.say("placeOf", values) : "";
        const form = JSON.stringify([place, this.#address, image.alt, caption.textContent]);
        if (form === this.#form) return true;
        this.#form = form;
        this.#dialog.setAttribute("aria-label", words.say(place ? "pictureOf" : "picture", values));
        this.#previous.hidden = this.#next.hidden = links.length < 2;
        this.#full.href = this.#address;
        this.#stage.replaceChildren(enlarged(image));
        // The alternative text stands in for a caption, of which there may be no more than the credit.
        const isCaptioned = caption.firstChild?.nodeName === "#text";
        const lines = [place, isCaptioned ? "" : image.alt, [...caption.cloneNode(true).childNodes]];
        this.#words.replaceChildren(...lines.filter(each => each.length > 0).map(each => make("p", WRITTEN, each)));
        return true;
    }

    #returnFocus() {
        const links = this.#links();
        const link = links.includes(this.#opener) ? this.#opener : links.find(({ href }) => href === this.#address);
        const fallback = (
            /** @type {HTMLElement|null} */
            (this.#root.querySelector("section[tabindex]"))
        );
        (link ?? fallback)?.focus({ preventScroll: true });
    }
}

/**
 * The links to different pictures: an address says which one is shown, and "next" has to lead to another.
 * @template {{href: string}} T
 * @param {T[]} links
 */
export function withoutCopies(links) {
    return links.filter(({ href }, index) => links.findIndex(link => link.href === href) === index);
}

/**
 * A copy of a picture for the lightbox. Until it is loaded, the picture of the page is shown in its place.
 * @param {HTMLImageElement} image
 */
function enlarged(image) {
    const { parentElement: parent, currentSrc } = image;
    const copy = (
        /** @type {HTMLElement} */
        ((parent?.matches("picture") ? parent : image).cloneNode(true))
    );
    copy.querySelector("source")?.setAttribute("sizes", "100vw");
    const large = copy.querySelector("img") ?? copy;
    for (const name of ["loading", "class", "style"]) large.removeAttribute(name);
    large.style.background = `center / contain no-repeat url(${JSON.stringify(currentSrc)})`;
    large.addEventListener("load", () => large.removeAttribute("style"), { once: true });
    return copy;
}

/** Keeps the page behind from scrolling; returns what lets it scroll again. */
function holdPage() {
    const { style, clientWidth } = document.documentElement;
    const before = ["overflow", "scrollbar-gutter"].map(name => [name, style.getPropertyValue(name)]);
    // The place of a scroll bar is kept, so that the page does not get wider.
    if (innerWidth > clientWidth) style.setProperty("scrollbar-gutter", "stable");
    style.overflow = "hidden";
    return () => before.forEach(([name, value]) => style.setProperty(name, value));
}
