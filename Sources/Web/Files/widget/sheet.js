// SPDX-License-Identifier: Apache-2.0
// @ts-check

/**
 * The style of the widget, in its shadow root and in the page of a frame, where `.wireroom` is what the server wrote.
 * The server reads this literal, so that there is nothing else in it; both add `FOCUS`. That of short forms is in
 * brief-sheet.js.
 */
export const SHEET = `
:host, .wireroom{display:block;overflow-wrap:anywhere;font:var(--wireroom-font, inherit);
color:var(--wireroom-ink, inherit);background:var(--wireroom-paper, none);--accent:var(--wireroom-accent, #b3261e);
--soft:var(--wireroom-soft, color-mix(in srgb, currentColor 75%, transparent));
--line:var(--wireroom-line, color-mix(in srgb, currentColor 20%, transparent));
--fresh:color-mix(in srgb, var(--accent) 15%, transparent)}
:host([theme]), [theme] > .wireroom{color-scheme:light dark;color:var(--wireroom-ink, CanvasText);
background:var(--wireroom-paper, Canvas);--accent:var(--wireroom-accent, light-dark(#b3261e, #ff8b7e))}
:host([theme=light]), [theme=light] > .wireroom{color-scheme:light}
:host([theme=dark]), [theme=dark] > .wireroom{color-scheme:dark}
[hidden], [data-gone]{display:none !important}
a{color:inherit}
h2, h3{margin:.2em 0;line-height:1.25}
h2 a{text-decoration:none}
h4, h5, h6{margin:.8em 0 .3em;font-size:1em}
pre, table{display:block;overflow-x:auto;border-collapse:collapse}
th, td{padding:.25em .6em;border:1px solid var(--line)}
.body li:has(> input, > p > input){list-style:none}
img, video{display:block;max-width:100%;height:auto;object-fit:contain}
.enlarge{display:block;cursor:zoom-in}
.enlarge img{max-height:80svh;object-position:var(--start, 0)}
[dir=rtl]{--start:100%}
:is(:dir(rtl), :lang(ja), :lang(ko), :lang(zh)) em{font-style:normal;font-weight:bold}
[data-broken] img{width:auto;height:auto;aspect-ratio:auto}
.gallery{display:grid;grid-template-columns:1fr 1fr;gap:.5em}
.gallery figure{margin:0}
.gallery figure:first-child:nth-last-child(odd){grid-column:span 2}
.gallery img{width:100%;aspect-ratio:1;object-fit:cover;object-position:var(--x, 50%) var(--y, 50%)}
.gallery figure:first-child:nth-last-child(odd) img{aspect-ratio:2}
video:not([height]){width:100%;max-height:80vh;aspect-ratio:16 / 9}
figure, .gallery{max-width:46rem;margin:.6em 0}
.boxed{padding:0 .75em}
.bar{position:sticky;top:.5em;height:0;text-align:center;z-index:1}
button{font:inherit;color:inherit;background:none;border:1px solid var(--line);border-radius:2em;
padding:.25em .9em}
.news{background:var(--accent);color:var(--wireroom-on-accent, #fff)}
:host([theme]) .news{color:var(--wireroom-on-accent, Canvas)}
[aria-pressed=true]{border-color:currentColor;font-weight:bold}
.status, .permalink, .mark, .author, .occurred, .sources, .tags, figcaption, .connection, button{font-size:.85em}
.status, .permalink, .author, .occurred, .sources, .tags, figcaption, .connection, .stricken .body {
color:var(--soft)}
.live::before{content:"● ";color:var(--accent)}
.mark{margin-inline-start:1em}
.standfirst{white-space:pre-line}
article{contain:layout style;border-top:1px solid var(--line);padding:.8em 0}
.key{border-inline-start:3px solid var(--accent);padding-inline-start:.8em}
.body :is(p, li){unicode-bidi:plaintext}
.stricken .body, .stricken h3{text-decoration:line-through}
.tags{display:flex;gap:1em;padding:0;list-style:none}
.quiet{position:absolute;clip-path:inset(50%)}
`;

/** Classes for the point that crops of pictures must keep, in tenths, as in live.css. */
export const FOCUS = [...Array(11).keys()].map(n => `.x${n}{--x:${n}0%}.y${n}{--y:${n}0%}`).join("");
