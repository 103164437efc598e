/** The style of the page that html.ts writes. */
export const STYLE = `
:root { color-scheme: light dark; --ink: #1b1f24; --quiet: #57606a; --page: #fff; --panel: #f5f6f8; --line: #c9cfd6;
  --link: #0550ae; --good: #116329; --drift: #7d4e00; --bad: #a40e26; --mark: #fff3c4; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e9ed; --quiet: #a2abb5; --page: #14171b; --panel: #1d2127; --line: #3b424b;
    --link: #7ab7ff; --good: #6fd08c; --drift: #e9b949; --bad: #ff8f8f; --mark: #3a3413; } }
* { box-sizing: border-box; }
html { scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 76rem; padding: 0 1rem 4rem; background: var(--page); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif; overflow-wrap: anywhere; }
a { color: var(--link); }
:focus-visible { outline: 3px solid var(--link); outline-offset: 2px; }
.skip, .hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: static; width: auto; height: auto; clip-path: none; }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .5rem; }
h2 { font-size: 1.2rem; margin: 2.5rem 0 .75rem; padding-bottom: .25rem; border-bottom: 1px solid var(--line); }
h3 { font-size: 1rem; margin: 1rem 0 .5rem; }
h4 { font-size: .9rem; margin: 1rem 0 .25rem; color: var(--quiet); }
header { margin-top: 1rem; padding: 1rem 1.25rem; background: var(--panel); border-left: .5rem solid var(--good); }
header p { margin: 0 0 .75rem; color: var(--quiet); }
header.known-drift, header.not-verified { border-color: var(--drift); }
header.violation { border-color: var(--bad); }
nav ul { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0; padding: 0; list-style: none; }
code, pre { font: .875rem/1.5 ui-monospace, monospace; }
pre { margin: 0; padding: .75rem; background: var(--panel); white-space: pre-wrap; }
.badge { display: inline-block; padding: 0 .5em; border: 1px solid; border-radius: .25rem; color: var(--good);
  font-size: .8rem; font-weight: 600; white-space: nowrap; text-decoration: none; }
.badge.known-drift, .badge.not-verified { color: var(--drift); }
.badge.violation { color: var(--bad); }
a.badge:hover, .name:hover { text-decoration: underline; }
.quiet, dt { color: var(--quiet); }
.findings { padding: 0; list-style: none; }
.findings > li { margin: 0 0 .75rem; padding: .5rem 1rem; border: 1px solid var(--line); border-left: .35rem solid var(--drift); }
.findings > li.violation { border-left-color: var(--bad); }
.findings h3 { margin: 0 0 .25rem; font-weight: 600; }
.findings h3 a { color: inherit; text-decoration: none; }
.findings h3 a:hover { text-decoration: underline; }
dl { display: grid; grid-template-columns: 7rem 1fr; gap: .1rem 1rem; margin: 0; font-size: .9rem; }
dd { margin: 0; }
.wide { position: relative; overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th, td { padding: .3rem .75rem .3rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top;
  font-weight: normal; overflow-wrap: normal; }
thead th { color: var(--quiet); }
td ul { margin: 0; padding-left: 1rem; }
meter { width: 6rem; }
.filters { display: flex; flex-wrap: wrap; gap: .25rem 1.25rem; margin: 0 0 1rem; padding: .25rem .75rem .5rem;
  border: 1px solid var(--line); }
.tree, .tree ul, .checks { margin: 0; padding: 0; list-style: none; }
.member { display: grid; grid-template-columns: minmax(14rem, 1.3fr) repeat(3, minmax(0, 1fr)); gap: 0 1rem;
  padding: .25rem; border-bottom: 1px solid var(--line); font-size: .9rem; }
.member b { position: absolute; clip-path: inset(50%); }
.member.head { color: var(--quiet); border-bottom-width: 2px; }
.tree ul .name { margin-left: 1.25rem; }
.tree ul ul .name { margin-left: 2.5rem; }
.tree ul ul ul .name { margin-left: 3.75rem; }
.name { text-decoration: none; font-weight: 600; }
.missed > .member i { color: var(--quiet); }
.member:target, .findings > :target, .checks > :target, .exchange :target > h3 { background: var(--mark); }
main:focus { outline: none; }
.exchange { margin: 0 0 .25rem; border: 1px solid var(--line); }
.exchange summary { padding: .35rem .75rem; cursor: pointer; }
.exchange > div { padding: 0 1rem 1rem; }
.checks li { padding: .25rem 0; }
#members:has([value="violation"]:checked) .tree li:not(.violation, :has(.violation), :has(:target)),
#members:has([value="drift"]:checked) .tree li:not(.drift, :has(.drift), :has(:target)),
#members:has([value="seen"]:checked) .tree li:not(.seen, :has(.seen), :has(:target)),
#members:has([value="missed"]:checked) .tree li:not(.missed, :has(.missed), :has(:target)),
#members:has([value="wider"]:checked) .tree li:not(.wider, :has(.wider), :has(:target)),
#exchanges:has([value="violation"]:checked) .exchange:not(.violation, :has(:target)),
#exchanges:has([value="known-drift"]:checked) .exchange:not(.known-drift, :has(:target)),
#exchanges:has([value="not-verified"]:checked) .exchange:not(.not-verified, :has(:target)),
#exchanges:has([value="good"]:checked) .exchange:not(.good, :has(:target)) { display: none; }
@media (max-width: 44rem) {
  .member { grid-template-columns: 1fr; }
  .member b { position: static; clip-path: none; font-weight: normal; color: var(--quiet); }
  .member.head { display: none; }
  .tree ul { margin-left: .25rem; padding-left: .75rem; border-left: 1px solid var(--line); }
  .tree ul ul ul .name, .tree ul ul .name, .tree ul .name { margin-left: 0; }
  dl { grid-template-columns: 1fr; }
}
@media print { .filters, nav, .skip { display: none; } .exchange { break-inside: avoid; } }
`;
