/** What many rounds say together. */

/** A median, and the interval that holds it with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 2_000;

export function median(values: readonly number[]): number {
  return quantile([...values].sort(ascending), 0.5);
}

/** The median of the values, with its percentile bootstrap interval: the medians of samples drawn from the values. */
export function estimate(values: readonly number[]): Estimate {
  const draw = () => values[Math.floor(Math.random() * values.length)] as number;
  const medians = Array.from({ length: RESAMPLES }, () => median(values.map(draw))).sort(ascending);
  return { value: median(values), low: quantile(medians, 0.025), high: quantile(medians, 0.975) };
}

const ascending = (a: number, b: number) => a - b;
const quantile = (sorted: readonly number[], share: number) => sorted[Math.floor(share * sorted.length)] as number;
