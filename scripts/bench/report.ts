/** The tables of docs/benchmark.md, from what was measured. */
import { MOST_COLD_MS, MOST_CPU_RATIO } from "./budgets.js";
import {
  addedBy,
  CLIENTS,
  type Client,
  costOf,
  EVERY,
  type Major,
  REGIMES,
  type Regime,
  type Rounds,
  ratioOf,
  shareOf,
  versionOf,
} from "./rounds.js";
import type { Estimate } from "./statistics.js";

/** Rounds of calls, and what they had in common. */
export interface Measured {
  readonly major: Major;
  readonly regime: Regime;
  readonly concurrency: number;
  readonly bodyBytes: number;
  readonly rounds: Rounds;
}

export function table(columns: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return [columns, columns.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`);
}

export const fixed = (value: number, digits = 0) => value.toFixed(digits);
const signed = (value: number, digits = 0) => `${value < 0 ? "" : "+"}${fixed(value, digits)}`;
const range = ({ value, low, high }: Estimate) => `${fixed(value, 2)} (${fixed(low, 2)} to ${fixed(high, 2)})`;
const percent = ({ value, low, high }: Estimate) =>
  `${fixed(100 * value)} % (${fixed(100 * low)} to ${fixed(100 * high)})`;

/** One call at a time: every client, in both regimes. */
export function callsTable(all: readonly Measured[], major: Major): string[] {
  const [hot, afterGc] = REGIMES.map((regime) => all.find((each) => isOneCall(each, major, regime))?.rounds as Rounds);
  const cells = (name: Client, rounds = hot as Rounds) => [
    fixed(costOf(rounds, name).value),
    signed(addedBy(rounds, name).value),
    name === "fetch" ? "1.00" : range(ratioOf(rounds, name)),
  ];
  return [
    ...table(
      [
        `client, ${versionOf(major)}`,
        "hot, µs",
        "added",
        "to bare `fetch`",
        "after GC, µs",
        "added",
        "to bare `fetch`",
      ],
      EVERY.map((name) => [CLIENTS[name], ...cells(name), ...cells(name, afterGc)]),
    ),
    "",
    ...table(
      ["of what openai adds", "hot", "after GC"],
      (["floor", "openapi-fetch", "report"] as const).map((name) => [
        CLIENTS[name],
        ...[hot, afterGc].map((rounds) => percent(shareOf(rounds as Rounds, name))),
      ]),
    ),
  ];
}

function isOneCall({ concurrency, bodyBytes, ...each }: Measured, major: Major, regime: Regime): boolean {
  return each.major === major && each.regime === regime && concurrency === 1 && bodyBytes === 1_000;
}

/** Several calls at a time. */
export function atOnceTable(all: readonly Measured[]): string[] {
  const several = all.filter(({ concurrency }) => concurrency > 1);
  return table(
    [
      "calls at a time",
      "bare `fetch`, µs a call",
      "floor",
      "openapi-fetch",
      "this client",
      "openai",
      "of what it adds",
    ],
    several.map(({ major, regime, concurrency, rounds }) => [
      `${concurrency}, ${regime}, Node ${major}`,
      fixed(costOf(rounds, "fetch").value),
      ...(["floor", "openapi-fetch", "report", "openai"] as const).map((name) => range(ratioOf(rounds, name))),
      percent(shareOf(rounds, "report")),
    ]),
  );
}

export function coldTable(cold: ReadonlyMap<Major, Rounds>): string[] {
  const added = (rounds: Rounds, name: Client) => {
    const { value, low, high } = addedBy(rounds, name);
    return name === "fetch" ? "" : `${signed(value, 1)} (${signed(low, 1)} to ${signed(high, 1)})`;
  };
  return table(
    ["client", ...[...cold.keys()].flatMap((major) => [`${versionOf(major)}, ms`, "over bare `fetch`, ms"])],
    EVERY.map((name) => [
      CLIENTS[name],
      ...[...cold.values()].flatMap((rounds) => [fixed(costOf(rounds, name).value, 1), added(rounds, name)]),
    ]),
  );
}

export function sizesTable(all: readonly Measured[]): string[] {
  return table(
    ["body", "regime", "bare `fetch`, µs", "this client, µs", "ratio"],
    sized(all).map(({ regime, bodyBytes, rounds }) => [
      `${bodyBytes / 1_000} kB`,
      regime,
      fixed(costOf(rounds, "fetch").value),
      fixed(costOf(rounds, "report").value),
      range(ratioOf(rounds, "report")),
    ]),
  );
}

/** One call at a time on Node 24, by the size of the body. */
const sized = (all: readonly Measured[]) => all.filter(({ major, concurrency }) => major === 24 && concurrency === 1);

/** What is not the CPU: in bytes. */
export interface Sizes {
  readonly heap: number;
  readonly client: number;
  readonly openapiFetch: number;
}

/** The goals of the project: of several figures the highest counts. */
export function goalsTable(
  all: readonly Measured[],
  cold: ReadonlyMap<Major, Rounds>,
  { heap, client, openapiFetch }: Sizes,
): string[] {
  const set = (regime: Regime) =>
    all.filter((each) => each.regime === regime && each.bodyBytes === 1_000 && [1, 50].includes(each.concurrency));
  const ratios = (regime: Regime) => set(regime).map(({ rounds }) => ratioOf(rounds, "report").value);
  const shares = (regime: Regime) => set(regime).map(({ rounds }) => 100 * shareOf(rounds, "report").value);
  const growth = REGIMES.flatMap((regime) => {
    const [first = 1, ...rest] = sized(all)
      .filter((each) => each.regime === regime)
      .map(({ rounds }) => ratioOf(rounds, "report").value);
    return rest.map((ratio) => ratio / first);
  });
  const coldMs = [...cold.values()].map((rounds) => addedBy(rounds, "report").value);
  const goals: [what: string, most: number, values: number[], digits: number, unit: string][] = [
    ["a call, hot, to bare `fetch`", 1.25, ratios("hot"), 2, ""],
    ["a call, after GC, to bare `fetch`", 1.15, ratios("after GC"), 2, ""],
    ["a call, hot, of what openai adds", 25, shares("hot"), 0, " %"],
    ["a call, after GC, of what openai adds", 25, shares("after GC"), 0, " %"],
    ["cold, CPU over bare `fetch`", 6, coldMs, 1, " ms"],
    ["the ratio at 10 kB to 1 MB, to that at 1 kB", 1, growth, 2, ""],
    ["heap of a call in flight, over bare `fetch`", 5, [heap / 1_000], 1, " kB"],
    ["the client, minified and gzipped", 12, [client / 1_000], 1, " kB"],
    ["of that, without openapi-fetch", 9.6, [(client - openapiFetch) / 1_000], 1, " kB"],
  ];
  return table(
    ["goal", "at most", "measured", ""],
    goals.map(([what, most, values, digits, unit]) => {
      const highest = Math.max(...values);
      return [what, `${most}${unit}`, `${fixed(highest, digits)}${unit}`, highest <= most ? "met" : "missed"];
    }),
  );
}

/** Budgets of the CPU that are exceeded, even by the low end of the interval. */
export function exceededBudgets(all: readonly Measured[], cold: ReadonlyMap<Major, Rounds>): string[] {
  const calls = all.flatMap(({ major, regime, concurrency, bodyBytes, rounds }) => {
    const { low } = ratioOf(rounds, "report");
    const what = `${regime}, Node ${major}, ${concurrency} at a time, ${bodyBytes / 1_000} kB`;
    return low > MOST_CPU_RATIO[regime] ? [`${what}: at least ${fixed(low, 2)} × bare fetch`] : [];
  });
  const starts = [...cold].flatMap(([major, rounds]) => {
    const { low } = addedBy(rounds, "report");
    return low > MOST_COLD_MS ? [`cold, Node ${major}: at least ${fixed(low, 1)} ms over bare fetch`] : [];
  });
  return [...calls, ...starts];
}
