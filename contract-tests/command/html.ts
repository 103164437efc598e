/**
 * A report as one page without scripts and without a network: filters are radio buttons and CSS, and a link leads to each
 * finding, member and exchange. So it works as a CI artifact, whatever Content Security Policy it is served with.
 */
import { createHash } from "node:crypto";
import { toOutline } from "../service/describe.js";
import { STYLE } from "./html-style.js";
import {
  exampleOf,
  type Report,
  type ReportedExchange,
  type ReportedFinding,
  type ReportedMember,
  titleOf,
} from "./report.js";
import { VERDICTS } from "./run.js";

/** Markup. A text becomes markup only by `html`, which escapes it. */
class Markup {
  constructor(readonly text: string) {}
}

type Part = string | number | Markup | readonly Part[];

function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return new Markup(strings.reduce((text, each, index) => text + toText(parts[index - 1] as Part) + each));
}

function toText(part: Part): string {
  if (part instanceof Markup) return part.text;
  if (Array.isArray(part)) return part.map(toText).join("");
  return escaped(String(part));
}

/** Escapes text for HTML. Invisible characters, which could reorder or hide text, become visible. */
function escaped(text: string): string {
  const entities: Record<string, string> = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };
  return text
    .replace(/[&<>"']/g, (each) => entities[each] as string)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (each) => (each === "\n" ? each : `\\u{${each.codePointAt(0)?.toString(16)}}`));
}

const KINDS = { ...VERDICTS, good: "good" };

export function toHtml(report: Report): string {
  const { verdict, target, time, findings } = report;
  const hash = createHash("sha256").update(STYLE).digest("base64");
  const policy = `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'`;
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${KINDS[verdict.kind]}: contract report of ${target.name}</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
<a class="skip" href="#main">Skip to the findings</a>
<header class="${verdict.kind}">
<h1>${verdict.sentence}</h1>
<p>Started <time datetime="${time.started}">${time.started.slice(0, 19).replace("T", " ")} UTC</time>, took ${time.durationMs} ms.${optionsOf(report)}</p>
<nav aria-label="Parts of the report"><ul>
<li><a href="#findings">Findings (${findings.length})</a></li>
<li><a href="#coverage">Coverage</a></li>
<li><a href="#members">Members</a></li>
<li><a href="#exchanges">Exchanges (${report.exchanges.length})</a></li>
${report.checks.length > 0 ? html`<li><a href="#checks">Checks of the contract (${report.checks.length})</a></li>` : ""}
</ul></nav>
</header>
<main id="main" tabindex="-1">
${findingsSection(report)}
${coverageSection(report)}
${membersSection(report)}
${exchangesSection(report)}
${checksSection(report)}
</main>
</body>
</html>
`;
  return page.text;
}

function optionsOf({ options: { cancel, strict, only } }: Report): string {
  const words = [
    ...(cancel.length > 0 ? [`cancelled ${cancel.join(", ")}`] : []),
    ...(strict ? ["strict"] : []),
    ...(only === null ? [] : [`only the check ${only}`]),
  ];
  return words.length > 0 ? ` Options: ${words.join("; ")}.` : "";
}

const badge = (kind: keyof typeof KINDS) => html`<span class="badge ${kind}">${KINDS[kind]}</span>`;

function findingsSection(report: Report): Markup {
  const { findings } = report;
  if (findings.length === 0)
    return html`<section id="findings"><h2>Findings</h2><p>None: every answer is as documented.</p></section>`;
  return html`<section id="findings"><h2>Findings</h2>
<ol class="findings">${findings.map((finding) => findingItem(finding, report))}</ol></section>`;
}

function findingItem(finding: ReportedFinding, report: Report): Markup {
  const { id, verdict, check, documented, accepted, excerpt, pointers, seenIn } = finding;
  const example = exampleOf(finding, report);
  const row = (name: string, ...values: readonly Part[]) =>
    values.length === 0 ? "" : html`<dt>${name}</dt>${values.map((each) => html`<dd>${each}</dd>`)}`;
  return html`<li id="${id}" class="${verdict}"><h3>${badge(verdict)} <a href="#${id}">${titleOf(finding)}</a></h3>
<dl>${row("members", ...memberLinks(id, report))}
${row("places", ...(pointers.length > 1 ? placesOf(pointers) : []))}
${row("documented", ...(documented === undefined || documented === accepted ? [] : [documented]))}
${row("came back", ...(excerpt === null ? [] : [html`<code>${excerpt}</code>`]))}
${row("seen in", html`${seenIn.length === 1 ? "" : `${seenIn.length}, first in `}<a href="#${example?.id ?? ""}">${example?.name ?? ""}</a>`)}
${row("check", check)}
</dl></li>`;
}

const MOST_PLACES = 100;

function placesOf(pointers: readonly string[]): Part[] {
  const more = pointers.length - MOST_PLACES;
  const shown = pointers.slice(0, MOST_PLACES).map((each) => html`<code>${each}</code>`);
  return more > 0 ? [...shown, `and ${more} more; contract.json has them all`] : shown;
}

/** Links to the members of the contract that a finding is about. */
function memberLinks(finding: string, { members }: Report): Markup[] {
  return members.flatMap(({ status, members: all }) =>
    all
      .filter(({ drift, violations }) => [...drift, ...violations].includes(finding))
      .map(({ pointer }) => html`<a href="#${linkTo(status, pointer)}"><code>${pointer}</code></a>`),
  );
}

const memberId = (status: string, pointer: string) => `member-${status}${pointer}`;
const linkTo = (status: string, pointer: string) => encodeURI(memberId(status, pointer));

function coverageSection({ coverage }: Report): Markup {
  const rows = coverage.flatMap(({ where, parts }) =>
    parts.map(
      ({ what, attained, attainable, missing, needCancel }) => html`<tr><th scope="row">${where}</th><td>${what}</td>
<td><meter min="0" max="${attainable}" value="${attained}" aria-label="${what} seen at ${where}">${attained}</meter> ${attained} of ${attainable}${needCancel > 0 ? `; ${needCancel} need --cancel` : ""}</td>
<td>${
        missing.length === 0
          ? "nothing"
          : html`<details><summary>${missing.length}<span class="hidden"> ${what} not seen at ${where}</span></summary>
<ul>${missing.map((each) => html`<li><code>${each}</code></li>`)}</ul></details>`
      }</td></tr>`,
    ),
  );
  if (rows.length === 0) return html``;
  return html`<section id="coverage"><h2>Coverage</h2><div class="wide" role="region" aria-label="Coverage table" tabindex="0"><table>
<thead><tr><th scope="col">where</th><th scope="col">what</th><th scope="col">seen</th><th scope="col">not seen</th></tr></thead>
<tbody>${rows}</tbody></table></div></section>`;
}

/** What the members can be filtered by: the class of the members that stay, and its words. */
const FILTERS = {
  all: "all",
  violation: "violation",
  drift: "known drift",
  seen: "seen in this run",
  missed: "not attained",
  wider: "accepted beyond the documentation",
};

function filters(name: string, labels: Record<string, string>): Markup {
  return html`<fieldset class="filters"><legend>Show</legend>${Object.entries(labels).map(
    ([value, label], index) =>
      html`<label><input type="radio" name="${name}" value="${value}"${new Markup(index === 0 ? " checked" : "")}> ${label}</label> `,
  )}</fieldset>`;
}

function membersSection({ members }: Report): Markup {
  const count = (wanted: string) =>
    members.flatMap((each) => each.members).filter((each) => wanted === "all" || classesOf(each).includes(wanted))
      .length;
  const labels = Object.fromEntries(
    Object.entries(FILTERS).map(([value, label]) => [value, `${label} (${count(value)})`]),
  );
  return html`<section id="members"><h2>Members of the contract</h2>
${filters("members", labels)}
${members.map(
  ({
    status,
    members: all,
  }) => html`<h3 id="members-${status}">${status === "200" ? "The job (200)" : "An error (default)"}</h3>
<div class="member head" aria-hidden="true"><span>member</span><span>documented</span><span>accepted</span><span>this run</span></div>
<ul class="tree">${branchesOf(all, "").map((each) => memberItem(each, status, all))}</ul>`,
)}</section>`;
}

const parentOf = (pointer: string) => pointer.slice(0, pointer.lastIndexOf("/"));
const branchesOf = (all: readonly ReportedMember[], parent: string) =>
  all.filter(({ pointer }) => parentOf(pointer) === parent);

function classesOf({ documented, accepted, seen, drift, violations }: ReportedMember): string[] {
  return [
    Object.keys(seen).length > 0 ? "seen" : "missed",
    ...(documented === accepted ? [] : ["wider"]),
    ...(drift.length > 0 ? ["drift"] : []),
    ...(violations.length > 0 ? ["violation"] : []),
  ];
}

function memberItem(member: ReportedMember, status: string, all: readonly ReportedMember[]): Markup {
  const { pointer, documented, accepted, seen, drift, violations } = member;
  const values = Object.entries(seen).map(([type, count]) => `${type} ${count}×`);
  const links = (ids: readonly string[], kind: "violation" | "known-drift") =>
    ids.map(
      (each) => html` <a class="badge ${kind}" href="#${each}">${KINDS[kind]}<span class="hidden">: ${each}</span></a>`,
    );
  const inner = branchesOf(all, pointer);
  return html`<li class="${classesOf(member).join(" ")}"><div class="member" id="${memberId(status, pointer)}">
<a class="name" href="#${linkTo(status, pointer)}"><code>${pointer.slice(parentOf(pointer).length + 1)}</code></a>
<span><b>documented</b> ${documented ?? "not at all"}</span>
<span><b>accepted</b> ${documented === accepted ? "the same" : accepted}</span>
<span><b>this run</b> ${values.length > 0 ? values.join(", ") : html`<i>not attained</i>`}${links(violations, "violation")}${links(drift, "known-drift")}</span></div>
${inner.length > 0 ? html`<ul>${inner.map((each) => memberItem(each, status, all))}</ul>` : ""}</li>`;
}

/** The verdict of the worst of its findings: the first in the report. */
function kindOf({ findings: ids }: { readonly findings: readonly string[] }, { findings }: Report): keyof typeof KINDS {
  return findings.find(({ id }) => ids.includes(id))?.verdict ?? "good";
}

function exchangesSection(report: Report): Markup {
  const { exchanges } = report;
  const count = (wanted: string) => exchanges.filter((each) => kindOf(each, report) === wanted).length;
  const labels = {
    all: `all (${exchanges.length})`,
    ...Object.fromEntries(Object.entries(KINDS).map(([kind, label]) => [kind, `${label} (${count(kind)})`])),
  };
  return html`<section id="exchanges"><h2>Exchanges</h2>
${filters("exchanges", labels)}
${exchanges.map((each) => exchangeItem(each, report))}</section>`;
}

function exchangeItem(exchange: ReportedExchange, report: Report): Markup {
  const { id, name, where, request, response, curl, durationMs } = exchange;
  const kind = kindOf(exchange, report);
  const answer = "failure" in response ? response.failure : `${response.status}`;
  const took = durationMs === null ? "" : `, ${durationMs} ms`;
  const headers = (all: Readonly<Record<string, string>>) =>
    Object.entries(all).map(([header, value]) => `${header}: ${value}\n`);
  // The id is inside, so that a link to it opens the exchange.
  return html`<details class="exchange ${kind}"><summary>${badge(kind)} ${name} <span class="quiet">${where}, ${answer}${took}</span></summary>
<div id="${id}"><h3><a href="#${id}">${name}</a></h3>${findingLinks(exchange, report)}
<h4>Request</h4><pre>${request.method} ${request.path}\n${headers(request.headers)}</pre>
${curl === null ? "" : html`<h4>To repeat it</h4><pre>${curl}</pre>`}
<h4>Response</h4>${"failure" in response ? html`<p>${response.failure}</p>` : html`<pre>${response.status}\n${headers(response.headers)}\n${cut(toOutline(response.body))}</pre>`}
</div></details>
`;
}

const MOST_LINES = 1_000;

/** The first lines of a long text. */
function cut(text: string): string {
  const lines = text.split("\n");
  const more = lines.length - MOST_LINES;
  return more > 0 ? [...lines.slice(0, MOST_LINES), `and ${more} more lines`].join("\n") : text;
}

function findingLinks({ findings: ids }: { readonly findings: readonly string[] }, { findings }: Report): Markup {
  const mine = findings.filter(({ id }) => ids.includes(id));
  if (mine.length === 0) return html``;
  return html`<ul>${mine.map((each) => html`<li>${badge(each.verdict)} <a href="#${each.id}">${titleOf(each)}</a></li>`)}</ul>`;
}

function checksSection(report: Report): Markup {
  const { checks } = report;
  if (checks.length === 0) return html``;
  return html`<section id="checks"><h2>Checks of the contract</h2><ul class="checks">${checks.map(
    (check) =>
      html`<li id="${check.id}">${badge(kindOf(check, report))} <b>${check.name}</b>: ${check.description}${findingLinks(check, report)}</li>`,
  )}</ul></section>`;
}
