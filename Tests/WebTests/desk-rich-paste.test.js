// SPDX-License-Identifier: Apache-2.0
import assert from "node:assert/strict";
import test from "node:test";
import "./Support/desk-words.js";
import { inertHTML } from "../../Sources/Web/Files/desk/paste-nodes.js";
import { leftOutLabel, markdownOf } from "../../Sources/Web/Files/desk/rich-paste.js";
import { parsed } from "./Support/html.js";

const pasted = html => markdownOf(parsed(inertHTML(html)));
const markdown = html => pasted(html).text;

test("a document of Word keeps headings, emphasis, links, lists and tables, and drops its styles", () => {
    const { text, left } = pasted(`<html xmlns:o="urn:schemas-microsoft-com:office:office">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm;} --></style>
<!--[if gte mso 9]><xml><o:OfficeDocumentSettings/></xml><![endif]--></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<h1>Harbour storm<o:p></o:p></h1>
<p class=MsoNormal>The ferry <b style='mso-bidi-font-weight:normal'>Maid of Tarn</b> is <i>alongside</i>,
says the <a href="https://example.org/harbour?utm_source=mail&amp;id=7"><span style='color:#0563C1'>harbour office</span></a>.<o:p></o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='font-family:Symbol'><span style='mso-list:Ignore'>·<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp; </span></span></span><![endif]>All
41 people are safe<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><span style='mso-list:Ignore'>o<span>&nbsp;&nbsp; </span></span>two are in hospital<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>·<span>&nbsp;&nbsp; </span></span>The pier is shut<o:p></o:p></p>
<p class=MsoNormal style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>1.<span>&nbsp; </span></span>First</p>
<p class=MsoNormal style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>2.<span>&nbsp; </span></span>Second</p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal><b>Port</b></p></td><td><p class=MsoNormal><b>State</b></p></td></tr>
<tr><td><p class=MsoNormal>Tarn</p></td><td><p class=MsoNormal>open | shut at 6</p></td></tr></table>
<p class=MsoNormal><o:p>&nbsp;</o:p></p><p class=MsoNormal><v:shape id="x"></v:shape></p>
<!--EndFragment--></body></html>`);
    assert.equal(text, `# Harbour storm

The ferry **Maid of Tarn** is *alongside*, says the [harbour office](https://example.org/harbour?id=7).

- All 41 people are safe
    - two are in hospital
- The pier is shut
1. First
2. Second

| **Port** | **State** |
| --- | --- |
| Tarn | open \\| shut at 6 |`);
    assert.deepEqual(left, { embeds: 0, pictures: 1 });
});

test("a document of Google's is not bold as a whole, and its redirects are resolved", () => {
    const { text, left } = pasted(`<meta charset="utf-8"><b style="font-weight:normal;" id="docs-internal-guid-1f">
<h2 dir="ltr"><span style="font-size:16pt;font-weight:400;">What we know</span></h2>
<p dir="ltr" style="line-height:1.38"><span style="font-weight:400;white-space:pre-wrap;">The bridge is </span><span
style="font-weight:700;">closed</span><span style="font-weight:700;"> to all</span><span style="font-weight:400;"> traffic, </span><span
style="font-style:italic;">for now</span><span>, says </span><a href="https://www.google.com/url?q=https://example.org/a%3Fb%3D1&amp;sa=D"
style="text-decoration:none;"><span style="text-decoration:underline;">the city</span></a><span>.</span></p>
<ul style="margin-top:0"><li dir="ltr" aria-level="1"><p dir="ltr" role="presentation"><span>One</span></p></li>
<ul><li dir="ltr" aria-level="2"><p role="presentation"><span>Within</span></p></li></ul>
<li><p><span>Two</span></p></li></ul>
<p><span><img src="https://lh7.googleusercontent.com/x" width="602" height="401"></span></p></b>`);
    assert.equal(text, `## What we know

The bridge is **closed to all** traffic, *for now*, says [the city](https://example.org/a?b=1).

- One
    - Within
- Two`);
    assert.deepEqual(left, { embeds: 0, pictures: 1 });
});

test("a mail of Outlook's loses its layout table, its pixel and its safe links", () => {
    const { text, left } = pasted(`<div class="WordSection1"><table role="presentation" width="600"><tbody><tr><td>
<p>Dear desk,</p><p>the <strong>press conference</strong> is at 3&nbsp;pm:<br>Town hall<br>Room 2</p>
<blockquote type="cite"><p>Will she speak?</p><p>Yes.</p></blockquote>
<p><a href="https://eur02.safelinks.protection.outlook.com/?url=https%3A%2F%2Fexample.org%2Fpress&amp;data=05">Register here</a></p>
</td></tr></tbody></table><img src="https://mail.example/open.gif" width="1" height="1"></div>`);
    assert.equal(text, `Dear desk,

the **press conference** is at 3 pm:
Town hall
Room 2

> Will she speak?
>
> Yes.

[Register here](https://example.org/press)`);
    assert.deepEqual(left, { embeds: 0, pictures: 0 });
});

test("of a page of news the text is kept, and embeds and pictures are counted", () => {
    const { text, left } = pasted(`<article><h1 class="headline">Storm<br>hits coast</h1>
<script>track("x");</script><style>.a{}</style>
<figure><picture><source srcset="a.webp"><img src="a.jpg" alt="Waves"></picture><figcaption>Waves at <em>Tarn</em></figcaption></figure>
<p>Wind of <span style="font-weight:bold">140 km/h</span> <s>was expected</s>. <button>Share</button></p>
<blockquote class="twitter-tweet"><p>Look at this</p><a href="https://x.com/a/status/1">link</a></blockquote>
<iframe src="https://www.youtube.com/embed/x"></iframe>
<aside style="display: none"><p>Hidden</p></aside>
<ol start="3"><li>Third</li><li><p>Fourth</p><p>with more</p></li></ol>
<pre><code>wind &lt; 12
</code></pre><hr><p>Use <code>git</code> and a*b_c [1].</p>
<a href="/relative">Relative</a> <a href="javascript:alert(1)">bad</a>
<a href="https://example.org/card"><h3>A card</h3><p>of two lines</p></a></article>`);
    assert.equal(text, `# Storm hits coast

Waves at *Tarn*

Wind of **140 km/h** ~~was expected~~.

3. Third
4. Fourth

   with more

\`\`\`
wind < 12
\`\`\`

---

Use \`git\` and a\\*b_c \\[1\\].

Relative bad [A card of two lines](https://example.org/card)`);
    assert.deepEqual(left, { embeds: 2, pictures: 1 });
    assert.equal(leftOutLabel(left), "2 embeds, 1 picture");
});

test("a sheet is a table, also where rows are short", () => {
    assert.equal(markdown(`<google-sheets-html-origin><style>td{}</style><table><colgroup><col width="100"><col></colgroup>
<tbody><tr><td>Party</td><td>Seats</td></tr><tr><td>A</td><td>12</td></tr><tr><td>B</td></tr></tbody></table>
</google-sheets-html-origin>`), "| Party | Seats |\n| --- | --- |\n| A | 12 |\n| B |  |");
});

test("marks touch their words, end with their lines, and are set once", () => {
    assert.equal(markdown("<p>a<b> bold </b>c</p>"), "a **bold** c");
    assert.equal(markdown("<p><b>one<br>two</b></p>"), "**one**\n**two**");
    assert.equal(markdown("<p><b><strong>x</strong></b> <i><b>y</b></i> <b> </b></p>"), "**x** ***y***");
    assert.equal(markdown("<h2><b>Bold heading</b></h2>"), "## Bold heading");
    assert.equal(markdown("<p><b><a href='https://e.org/a_(b)'>x [y]</a></b></p>"), "**[x \\[y\\]](https://e.org/a_%28b%29)**");
    assert.equal(markdown("<a href='https://e.org/'>https://e.org/</a>"), "https://e.org/");
});

test("plain text stays plain: nothing of it begins a list, a heading or a mark", () => {
    assert.equal(markdown("<p>1. not a list</p><p># no heading</p><p>- no item</p><p>&gt; no quote</p><p>2 * 3 * 4</p>"),
        "1\\. not a list\n\n\\# no heading\n\n\\- no item\n\n\\> no quote\n\n2 \\* 3 \\* 4");
    assert.equal(markdown("<p>https://example.org/a_b_*c and snake_case</p>"), "https://example.org/a_b_*c and snake_case");
    assert.equal(markdown("<p>&lt;b&gt; 3 &lt; 4</p>"), "\\<b> 3 < 4");
    assert.equal(pasted("<p><span style='color:red'>Only</span> <font>words</font></p>").isRich, false);
    assert.deepEqual(pasted(""), { text: "", left: { embeds: 0, pictures: 0 }, isRich: false });
});

test("what was left out is named", () => {
    assert.equal(leftOutLabel({ embeds: 1, pictures: 2 }), "1 embed, 2 pictures");
    assert.equal(leftOutLabel({ embeds: 0, pictures: 0 }), "");
});
