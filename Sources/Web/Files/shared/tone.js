// SPDX-License-Identifier: Apache-2.0
// @ts-check
// A short tone, made by code.

const TONE_HERTZ = 660;
const TONE_SECONDS = .18;
const TONE_VOLUME = .08;

/** Plays the tone, once something was pressed on the page: before that, browsers refuse. */
export function playTone() {
    if (typeof AudioContext === "undefined" || navigator.userActivation?.hasBeenActive === false) return;
    const context = new AudioContext();
    const [tone, volume] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = TONE_HERTZ;
    // Fades out, so that it does not click.
    volume.gain.setValueAtTime(TONE_VOLUME, context.currentTime);
    volume.gain.exponentialRampToValueAtTime(.0001, context.currentTime + TONE_SECONDS);
    tone.connect(volume).connect(context.destination);
    tone.addEventListener("ended", () => context.close());
    tone.start();
    tone.stop(context.currentTime + TONE_SECONDS);
}
