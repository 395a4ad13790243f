# SPDX-License-Identifier: Apache-2.0
"""Stored attacks: content that tries to execute in a reader's browser or to forge the operator's log (XSS, log injection).

Any attack that executes requests PROBE, which nothing else requests.
"""

import re

PROBE = "probe-of-an-attack"
# Detected by the server as embed codes.
EMBED = re.compile(r"<(script|iframe|object|embed)\b", re.I)
RUN = f"fetch('/{PROBE}')"

HTML = [
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"--><script>{RUN}</script><!--",
    f"]]><script>{RUN}</script>",
    f"</title></style></textarea><script>{RUN}</script>",
    f"<img src=x onerror=\"{RUN}\">",
    f"<img src=x onerror={RUN}//",
    f"<svg onload=\"{RUN}\"><animate onbegin=\"{RUN}\" attributeName=x dur=1s>",
    f"<svg><script>{RUN}</script></svg>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror=\"{RUN}\">",
    f"<iframe srcdoc=\"<script>{RUN}</script>\"></iframe>",
    f"<object data=\"data:text/html,<script>{RUN}</script>\"></object>",
    f"<embed src=/{PROBE}><link rel=stylesheet href=/{PROBE}><base href=/{PROBE}/>",
    f"<style>@import '/{PROBE}'; body {{ background: url(/{PROBE}) }}</style>",
    f"<meta http-equiv=refresh content='0;url=/{PROBE}'>",
    f"<details open ontoggle=\"{RUN}\"><input autofocus onfocus=\"{RUN}\">",
    f"<form action=/{PROBE}><button>x</button></form>",
    f"\"><b onmouseover=\"{RUN}\" style=\"position:fixed;inset:0\">x</b>",
    f"' onmouseover='{RUN}' x='",
    "${" + RUN + "} {{" + RUN + "}} <%= " + RUN + " %>",
    f"<!--<script>{RUN}</script>",
    f"<a href=\"javascript:{RUN}\">x</a>",
]

LINKS = [
    f"javascript:{RUN}",
    f"JaVaScRiPt:{RUN}",
    f"java\tscript:{RUN}",
    f"java\nscript:{RUN}",
    f"\x01javascript:{RUN}",
    f" javascript:{RUN}",
    f"&#106;avascript:{RUN}",
    f"javascript&colon;{RUN}",
    f"vbscript:{RUN}",
    f"data:text/html,<script>{RUN}</script>",
    f"data:text/html;base64,PHNjcmlwdD5mZXRjaCgnL3Byb2JlJyk8L3NjcmlwdD4=",
    f"data:image/svg+xml,<svg onload=\"{RUN}\">",
    f"blob:{RUN}",
    "file:///etc/passwd",
    f"//attacker.invalid/{PROBE}",
]

MARKDOWN = (
    [f"[x]({link})" for link in LINKS]
    + [f"[x](<{link}>)" for link in LINKS]
    + [f"<{link}>" for link in LINKS[:10]]
    + [f"[x][y]\n\n[y]: <{link}> \"t\"" for link in LINKS]
    + [f"![x]({link})" for link in LINKS]
    + [f"[x](https://example.org/ \"'onmouseover={RUN}\")", f"[x](https://example.org/\"onmouseover={RUN})"]
    + [f"```\"onmouseover={RUN}\n{HTML[0]}\n```", f"`{HTML[0]}`", f"# {HTML[0]}", f"> {HTML[5]}", f"* {HTML[7]}"]
)

CONTROLS = [
    "right to \u202eleft\u202c and \u2066isolated\u2069",
    "a bell \x07, an escape \x1b[31mred\x1b[0m, \x7f and \x9b",
    "zero\u200bwidth \ufeff and \u2028 line \u2029 paragraph",
    "NUL \x00 within",
    "a carriage return \r alone",
    "\ufffe \uffff \U0010ffff",
]

# Complexity attacks: each would take long, or much memory, if cost were superlinear.
HEAVY = {
    "block quotes": "> " * 10_000 + "x",
    "lists": "".join(" " * level * 2 + "* x\n" for level in range(500)),
    "brackets": "[" * 10_000 + "x" + "]" * 10_000,
    "emphasis": "*_" * 5_000 + "x" + "_*" * 5_000,
    "a line": "x" * 19_000,
    "code": "`" * 10_000 + "x" + "`" * 9_999,
    "references": "".join(f"[{number}]: /x\n" for number in range(1_000)) + "[0]" * 1_000,
    "entities": "&#x110000;&amp" * 1_000,
    "a table": "|a" * 2_000 + "\n" + "|-" * 2_000 + "\n" + "|b" * 2_000,
}
