// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The consent of readers to scripts of third parties that the site is set to have. Nothing of them is loaded before.
import { make } from "../shared/dom.js";

/** Where the answers are remembered: by the address of the script. */
const ANSWERS_NAME = "wireroom.consent";
/** What the desk of this origin keeps in browser storages begins with this: the key, drafts, that it was used. */
const DESK_PREFIX = "wireroom.desk.";

/**
 * What is set of the site.
 * @type {{name: string, purpose: "analytics"|"advertising", script: string}[]}
 */
const slots = JSON.parse(document.querySelector("meta[name=wireroom-slots]")?.getAttribute("content") ?? "[]");
const answers = readAnswers();

const bar = new CSSStyleSheet();
bar.replaceSync(`
#consent{position:fixed;inset:auto 0 0 0;z-index:4;max-height:80vh;overflow:auto;padding:1rem 1.25rem;
background:var(--paper);
border-top:1px solid var(--ink);box-shadow:0 -2px 12px rgb(0 0 0 / .2);font:.9375rem/1.5 var(--sans)}
#consent form{max-width:44rem;margin:0 auto}
#consent p{margin:0 0 .5rem}
#consent label{display:block;padding:.25rem 0}
#consent button, .privacy{margin:.5rem .5rem 0 0;padding:.4rem 1.1rem;border:1px solid currentColor;
border-radius:var(--round);background:none;color:inherit;font:inherit;cursor:pointer}
.privacy{padding:.2rem .8rem;font-size:.8125rem}
@media print{#consent, .privacy{display:none}}`);

/** @returns {Record<string, boolean>} */
function readAnswers() {
    try {
        const kept = JSON.parse(localStorage.getItem(ANSWERS_NAME) ?? "{}");
        return kept && typeof kept === "object" ? kept : {};
    } catch {
        return {};
    }
}

/**
 * Whether somebody has used the desk in this browser. A script of a third party would run in the desk's origin, and
 * could read what it keeps here.
 */
function isDeskUsed() {
    return [() => localStorage, () => sessionStorage].some(find => {
        try {
            const storage = find();
            for (let index = 0; index < storage.length; index++) {
                if (storage.key(index)?.startsWith(DESK_PREFIX)) return true;
            }
        } catch { /* Nothing can be kept in it, either. */ }
        return false;
    });
}

/** @param {string} script */
function load(script) {
    if (!document.querySelector(`script[src="${CSS.escape(script)}"]`)) {
        const referrerpolicy = "strict-origin-when-cross-origin";
        document.head.append(make("script", { src: script, async: true, referrerpolicy }));
    }
}

/**
 * Remembers answers, and acts by them. What was loaded already goes with the page only.
 * @param {(script: string) => boolean} isAllowed
 */
function settle(isAllowed) {
    const wasLoaded = slots.filter(({ script }) => answers[script]);
    for (const { script } of slots) answers[script] = isAllowed(script);
    try {
        localStorage.setItem(ANSWERS_NAME, JSON.stringify(answers));
    } catch { /* They hold for this page. */ }
    document.getElementById("consent")?.remove();
    if (wasLoaded.some(({ script }) => !answers[script])) return location.reload();
    for (const { script } of slots) if (answers[script]) load(script);
}

function askReader() {
    document.getElementById("consent")?.remove();
    const boxes = slots.map(({ name, purpose, script }) => {
        const box = make("input", { type: "checkbox", value: script });
        box.checked = answers[script] === true;
        const words = purpose === "analytics" ? "measures how pages are read" : "shows advertising";
        return { box, label: make("label", {}, box, ` ${name} ${words} (${new URL(script).hostname})`) };
    });
    const button = (/** @type {string} */ text, /** @type {(script: string) => boolean} */ isAllowed) =>
        make("button", { type: "button", click: () => settle(isAllowed) }, text);
    const chosen = (/** @type {string} */ script) => boxes.some(({ box }) => box.value === script && box.checked);
    const node = make("section", { id: "consent", "aria-label": "Privacy" }, make("form", {},
        make("p", {}, "This site would like to load content of third parties, who learn of your visit and may store "
            + "data on your device. It works without."),
        ...boxes.map(({ label }) => label),
        button("Refuse all", () => false), button("Allow all", () => true), button("Allow what is ticked", chosen)));
    document.body.append(node);
    return node;
}

if (slots.length > 0 && !isDeskUsed()) {
    // The first use of the desk, in another tab, ends what was loaded here.
    addEventListener("storage", ({ key }) => {
        if (key?.startsWith(DESK_PREFIX)) location.reload();
    });
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, bar];
    document.querySelector(".foot")?.append(make("button", { type: "button", class: "privacy",
        click: () => askReader().querySelector("input")?.focus() }, "Privacy choices"));
    for (const { script } of slots) if (answers[script]) load(script);
    // Global Privacy Control is an answer, too.
    const isRefused = /** @type {{globalPrivacyControl?: boolean}} */ (navigator).globalPrivacyControl === true;
    if (!isRefused && slots.some(({ script }) => !(script in answers))) askReader();
}
