/** From medians to what is printed: the JSON object and the table. Pure. */
import { geometricMean } from './statistics.ts';

export interface PeerResult {
  readonly medianUs: number;
  /** Peer's time ÷ ours: above 1 we are faster. */
  readonly ratio: number;
}

export interface Row {
  readonly workload: string;
  readonly engine: string;
  readonly medianUs: number;
  /** Of the contractions; one multiply-add counts as 2. */
  readonly gflops: number;
  readonly peers: Readonly<Record<string, PeerResult>>;
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly platform: string;
  readonly node: string;
  /** Of WebGPU, where that was measured. */
  readonly adapter?: string;
  /** What each peer said of itself, with its version. */
  readonly peers: Readonly<Record<string, string>>;
}

/** What is measured once per engine, beside the time of a step. */
export interface Check {
  readonly name: string;
  readonly engine: string;
  readonly value: number;
  readonly unit: string;
  /** Largest value that is still right. */
  readonly limit: number;
}

/** Who took no part, and why. */
export interface Absence {
  readonly workload: string;
  readonly name: string;
  readonly reason: string;
}

export interface Report {
  readonly machine: Machine;
  readonly rows: readonly Row[];
  readonly absent: readonly Absence[];
  readonly checks: readonly Check[];
}

/** @param peerUs median microseconds per step, by peer */
export function makeRow(workload: string, engine: string, medianUs: number, flops: number, peerUs: Readonly<Record<string, number>>): Row {
  const peers = Object.entries(peerUs).map(([name, us]) => [name, { medianUs: us, ratio: us / medianUs }] as const);
  return { workload, engine, medianUs, gflops: flops / medianUs / 1000, peers: Object.fromEntries(peers) };
}

/** As soon as it is known: `wasm 340 µs; jax-js 2,299 µs, 6.76×`. */
export function toLine({ engine, medianUs, peers }: Row): string {
  const others = Object.entries(peers).map(([name, peer]) => `${name} ${formatNumber(peer.medianUs)} µs, ${formatRatio(peer.ratio)}`);
  return [`${engine} ${formatNumber(medianUs)} µs`, ...others].join('; ');
}

/** Rounded as it is meant to be read: three to four digits are all that a shared machine gives. */
export function toJson(report: Report): string {
  return JSON.stringify(report, (_key, value: unknown) => (typeof value === 'number' ? Number(value.toPrecision(5)) : value), 2);
}

/**
 * One line per workload and engine, then the geometric mean of each peer's ratios per engine, then who took no part, then the checks. Matrix
 * products explain the others and are in no mean.
 */
export function toTable({ machine, rows, absent, checks }: Report): string {
  const peerNames = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))];
  const header = ['workload', 'engine', 'µs/step', 'GFLOP/s', ...peerNames.flatMap((name) => [`${name} µs`, 'ratio'])];
  const body = rows.map((row) => [
    row.workload,
    row.engine,
    formatNumber(row.medianUs),
    formatNumber(row.gflops),
    ...peerNames.flatMap((name) => {
      const peer = row.peers[name];
      return peer === undefined ? ['–', '–'] : [formatNumber(peer.medianUs), formatRatio(peer.ratio)];
    }),
  ]);
  const engines = [...new Set(rows.map((row) => row.engine))];
  const means = engines.map((engine) => [
    'geometric mean',
    engine,
    '',
    '',
    ...peerNames.flatMap((name) => {
      const ratios = rows
        .filter((row) => row.engine === engine && !row.workload.startsWith('matmul-'))
        .flatMap((row) => row.peers[name]?.ratio ?? []);
      return ['', ratios.length === 0 ? '–' : formatRatio(geometricMean(ratios))];
    }),
  ]);
  const about = `${machine.cpu}, ${machine.cores} ${machine.cores === 1 ? 'core' : 'cores'}, ${machine.platform}, Node ${machine.node}`;
  const adapter = machine.adapter === undefined ? '' : `, WebGPU on ${machine.adapter}`;
  const peers = Object.values(machine.peers).join(' · ');
  const parts = [
    peers === '' ? `${about}${adapter}` : `${about}${adapter}\n${peers}`,
    alignColumns([header, ...body, ...(peerNames.length === 0 ? [] : means)]),
  ];
  if (absent.length > 0) parts.push(absent.map(({ workload, name, reason }) => `${workload}: ${name} took no part: ${reason}.`).join('\n'));
  if (checks.length > 0) {
    const lines = checks.map((check) => [
      check.name,
      check.engine,
      `${formatNumber(check.value)} ${check.unit}`.trim(),
      check.value <= check.limit ? `within ${formatNumber(check.limit)}` : `ABOVE ${formatNumber(check.limit)}`,
    ]);
    parts.push(alignColumns([['check', 'engine', 'value', 'limit'], ...lines]));
  }
  return `${parts.join('\n\n')}\n`;
}

/** The first two columns to the left, the others to the right, two spaces between. */
export function alignColumns(lines: readonly (readonly string[])[]): string {
  const widths: number[] = [];
  for (const line of lines) line.forEach((cell, i) => (widths[i] = Math.max(widths[i] ?? 0, cell.length)));
  return lines
    .map((line) => {
      const cells = line.map((cell, i) => (i < 2 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)));
      return cells.join('  ').trimEnd();
    })
    .join('\n');
}

/** 0.123, 12.3, 1,234. */
export function formatNumber(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return value.toLocaleString('en-US', { minimumFractionDigits: 0, maximumFractionDigits: digits });
}

function formatRatio(ratio: number): string {
  return `${ratio.toLocaleString('en-US', ratio >= 10 ? { maximumFractionDigits: 0 } : { minimumFractionDigits: 2, maximumFractionDigits: 2 })}×`;
}
