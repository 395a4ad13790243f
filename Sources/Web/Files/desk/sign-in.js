// SPDX-License-Identifier: Apache-2.0
// @ts-check
// The dialog in which an editor signs in. Its form is in the page, where password managers find it.
import { Refusal, Unreached } from "./api.js";
import { elementAt, fill } from "./elements.js";
import { phrase } from "./phrases.js";

/** Visible ASCII, the characters allowed in the `Authorization` header. */
const KEY_PATTERN = /^[!-~]+$/;

/**
 * The key in a text: what is copied from a message or a terminal has blanks and line breaks.
 * @param {string} text
 */
export function keyIn(text) {
    return text.replace(/[\s\u200b]+/g, "");
}

/** Asks for the key until there is a valid one. */
export class SignInDialog {
    #node = elementAt(document, "#signin", HTMLDialogElement);
    #form = elementAt(this.#node, "form", HTMLFormElement);
    #name = elementAt(this.#node, "#signin-name", HTMLInputElement);
    #input = elementAt(this.#node, "#signin-key", HTMLInputElement);
    #show = elementAt(this.#node, "button[value=show]", HTMLButtonElement);
    #stay = elementAt(this.#node, "#signin-stay", HTMLInputElement);
    #fault = elementAt(this.#node, ".fault", HTMLElement);
    #leave = elementAt(this.#node, "button[value=leave]", HTMLButtonElement);
    #listening = new AbortController();
    /** @type {(answer: "stay"|"tab"|"offered"|"leave") => void} */
    #resolve = () => {};

    /**
     * @param {{why: string, canLeave: boolean, take: (key: string) => Promise<string>}} options `why`: shown above
     * the field; `take` tries a key, and returns its name.
     */
    constructor({ why, canLeave, take }) {
        this.take = take;
        /**
         * Signed in to `stay`, or for this `tab`; with a key that another tab has `offered`; or not.
         * @type {Promise<"stay"|"tab"|"offered"|"leave">}
         */
        this.answer = new Promise(resolve => {
            this.#resolve = resolve;
        });
        fill(elementAt(this.#node, ".why", HTMLElement), why);
        fill(this.#fault);
        this.#leave.hidden = !canLeave;
        this.#node.className = canLeave ? "" : "first";
        this.#stay.checked = false;
        this.#showKey(false);
        this.#listen();
        this.#node.showModal();
        this.#input.focus();
    }

    #listen() {
        const options = { signal: this.#listening.signal };
        this.#form.addEventListener("submit", event => {
            event.preventDefault();
            this.#submit();
        }, options);
        this.#input.addEventListener("input", () => fill(this.#fault), options);
        this.#show.addEventListener("click", () => this.#showKey(this.#input.type === "password"), options);
        this.#leave.addEventListener("click", () => this.#end("leave"), options);
        // Escape must not close it; a second press closes it regardless in browsers, hence the `close` listener.
        this.#node.addEventListener("cancel", event => event.preventDefault(), options);
        this.#node.addEventListener("close", () => this.#node.showModal(), options);
    }

    async #submit() {
        const words = await this.#refusal(keyIn(this.#input.value));
        if (!words) return this.#end(this.#stay.checked ? "stay" : "tab");
        fill(this.#fault, words);
        this.#input.focus();
    }

    /**
     * Tries the key of another tab.
     * @param {string} key
     */
    async offer(key) {
        if (!await this.#refusal(key)) this.#end("offered");
    }

    // Tries a key. Returns why it was rejected, in words; null if it was accepted.
    /** @param {string} key */
    async #refusal(key) {
        if (!key) return phrase("typeKey");
        if (!KEY_PATTERN.test(key)) return phrase("noKey");
        try {
            // Password managers list the key by its name.
            this.#name.value = await this.take(key);
            return null;
        } catch (failure) {
            if (failure instanceof Refusal && failure.status === 401) return phrase("unknownKey");
            if (failure instanceof Refusal || failure instanceof Unreached) {
                return phrase("notSignedIn", { reason: failure.message });
            }
            throw failure;
        }
    }

    /** @param {boolean} isShown */
    #showKey(isShown) {
        this.#input.type = isShown ? "text" : "password";
        this.#show.setAttribute("aria-pressed", String(isShown));
    }

    /** @param {"stay"|"tab"|"offered"|"leave"} answer */
    #end(answer) {
        this.#listening.abort();
        this.#showKey(false);
        this.#node.close();
        this.#input.value = "";
        this.#resolve(answer);
    }
}
