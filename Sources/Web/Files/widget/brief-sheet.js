// SPDX-License-Identifier: Apache-2.0
// @ts-check

/** The style of the widget's forms that are not full, besides `SHEET`. The server reads this literal, too. */
export const BRIEF = `
.brief :is(p, ul){margin:.3em 0}
.brief article{padding-block:.4em}
.brief article > :not(header, .retraction, .body), .brief :is(.author, .occurred),
.brief article:has(h3) > .body{display:none}
.brief .body{display:-webkit-box;-webkit-box-orient:vertical;-webkit-line-clamp:2;overflow:hidden}
.brief .body *{display:inline;margin:0}
.brief :is([data-state=live], [data-state=polling], .body :is(img, video, table, pre)){display:none}
.brief h3{font-size:1em}
.keypoints .standfirst:has(+ ul), :is(.ticker, .headline) .read-on, .ticker :is(.mark, .bar){display:none}
.ticker, .ticker :is(article, header), .headline header{display:flex;flex-wrap:wrap;gap:0 .6em;align-items:baseline}
:is(.ticker, .headline) :is(h2, h3, p, article){margin:0;padding:0;border:0;font-size:1em}
.ticker .body{-webkit-line-clamp:1}
`;
