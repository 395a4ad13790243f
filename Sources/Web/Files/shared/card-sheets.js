// SPDX-License-Identifier: Apache-2.0
// @ts-check

/** What is in a frame; its size and the line below it are those of a card. */
const FRAME = `
.frame > iframe, .frame > .consent{position:absolute;inset:0 0 3em;width:100%;height:calc(100% - 3em);border:0}
.frame > .consent{display:flex;flex-direction:column;align-items:center;justify-content:center;overflow:auto;
text-align:center}
.frame p{max-width:30em;margin:.5em 1em;text-align:center}
.frame > :is(label, button){position:absolute;bottom:.5em;inset-inline-start:1em}
.frame button{padding:.3em 1em;border:1px solid;border-radius:2em;background:none;color:inherit;font:inherit;
cursor:pointer}`;

/** Cards in a widget, as live.css has them on the reader's page. */
const CARDS = `
.card{display:flow-root;margin:.8em 0;padding:0 .75em .5em;border:1px solid var(--line)}
.card > a, .card > p{display:block;margin:.5em 0 0}
.card strong{display:block;overflow:hidden;white-space:nowrap;text-overflow:ellipsis}
.card img{float:inline-end;width:min(8em,33%);height:auto;margin-block:.25em;margin-inline-start:1em;
aspect-ratio:16/9;object-fit:cover}
.from, .about, .frame{font-size:.85em}
.from{color:var(--soft)}
.frame{box-sizing:content-box;position:relative;margin:0 -.75em;padding-bottom:3em;
background:color-mix(in srgb, currentColor 8%, transparent)}
.f16-9{aspect-ratio:16/9}
.f9-16{aspect-ratio:9/16;max-width:20em;margin-inline:auto}
.f4-3{aspect-ratio:4/3}
.f152px{height:152px}
.f166px{height:166px}
.f352px{height:352px}
.f450px{height:450px}
.f600px{height:600px}`;

/**
 * The style sheets that a root needs. Unlike a <style>, they are allowed by any content security policy.
 * @param {Document|ShadowRoot} root
 */
export function sheetsOf(root) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(root instanceof Document ? FRAME : CARDS + FRAME);
    return [sheet];
}
