// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A switch beside the bell: a short tone for new updates. It is off until a reader turns it on, and remembered.
import { make } from "../shared/dom.js";
import { playTone } from "../shared/tone.js";

const SOUND = "wireroom-sound";

/** The switch of one page. */
export class SoundSwitch {
    #isOn;
    #browser;

    /** @param {Words} words @param {SoundBrowser} browser */
    constructor(words, browser = soundOfBrowser()) {
        this.#browser = browser;
        this.#isOn = browser.recall(SOUND) === "on";
        this.button = make("button", {
            type: "button", class: "sound", "aria-pressed": String(this.#isOn), click: () => this.press(),
        }, words.say("sound"));
        // The page tells screen readers of new updates; this tells everybody else.
        browser.atNews(() => this.#isOn && browser.play());
    }

    /** Turns it on, with the tone as an example, or off. */
    press() {
        this.#isOn = !this.#isOn;
        this.button.setAttribute("aria-pressed", String(this.#isOn));
        this.#browser.keep(SOUND, this.#isOn ? "on" : "off");
        if (this.#isOn) this.#browser.play();
    }
}

/** @returns {SoundBrowser} */
function soundOfBrowser() {
    return {
        play: playTone,
        atNews: play => {
            const told = document.getElementById("announcement");
            if (told) new MutationObserver(play).observe(told, { childList: true });
        },
        recall: name => {
            try {
                return localStorage.getItem(name);
            } catch {
                return null;
            }
        },
        keep: (name, value) => {
            try {
                localStorage.setItem(name, value);
            } catch {
                // The storage is forbidden or full.
            }
        },
    };
}
