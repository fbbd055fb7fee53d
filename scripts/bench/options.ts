/** The command line of `npm run bench`. */
import { availableParallelism } from 'node:os';
import { parseArgs } from 'node:util';

export interface BenchOptions {
  /** Ids; empty means all. */
  readonly workloads: readonly string[];
  readonly engines: readonly string[];
  readonly peers: readonly string[] | null;
  readonly rounds: number;
  /** About how long one contender runs in one round. */
  readonly roundMs: number;
  readonly threads: number;
  readonly json: boolean;
  readonly checks: boolean;
  readonly profile: boolean;
  /** On the graphics adapter, in browsers, instead of on the processor. */
  readonly webgpu: boolean;
  /** How long a contender may take for an answer. */
  readonly patienceMs: number;
  readonly quick: boolean;
  readonly python?: string;
}

export const help = `npm run bench -- [options]

Time per training step of every workload on every engine and every installed peer, interleaved, as medians and ratios.

  --workload <id,...>   only these workloads
  --webgpu              on the graphics adapter: our WebGPU engine, jax-js and TensorFlow.js, each in a browser
  --engine <kind,...>   only these engines: native, wasm, reference
  --peer <name,...>     only these peers: pytorch, jax-js, tensorflow.js, plain-js; "none" for no peer
  --rounds <n>          rounds (default 7)
  --patience <s>        how long a contender may take for an answer (default 60; with --webgpu 300)
  --threads <n>         threads of our engines (default: all cores)
  --quick               3 short rounds: for development, not for figures
  --no-checks           without start-up times and the garbage check
  --profile             instead: where the time of a step goes, kernel by kernel
  --python <file>       a Python 3 with PyTorch (default: LAYERBENCH_PYTHON, else python3 on the PATH)
  --json                the result as one JSON object
`;

/** A mistake on the command line; its message is all there is to say. */
export class UsageError extends Error {}

export function parseOptions(args: readonly string[], environment: NodeJS.ProcessEnv = process.env): BenchOptions | 'help' {
  const { values } = parse(args);
  if (values.help === true) return 'help';
  const quick = values.quick === true;
  const webgpu = values.webgpu === true;
  const python = values.python ?? environment.LAYERBENCH_PYTHON;
  return {
    workloads: list(values.workload),
    engines: list(values.engine),
    peers: values.peer === undefined ? null : list(values.peer).filter((name) => name !== 'none'),
    rounds: count('rounds', values.rounds, quick ? 3 : 7),
    roundMs: (quick ? 30 : 150) * (webgpu ? 5 : 1),
    webgpu,
    quick,
    patienceMs: 1000 * count('patience', values.patience, webgpu ? 300 : 60),
    threads: count('threads', values.threads, availableParallelism()),
    json: values.json === true,
    checks: values['no-checks'] !== true && !webgpu,
    profile: values.profile === true,
    ...(python === undefined || python === '' ? {} : { python }),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        workload: { type: 'string', multiple: true },
        engine: { type: 'string', multiple: true },
        peer: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        threads: { type: 'string' },
        quick: { type: 'boolean' },
        'no-checks': { type: 'boolean' },
        profile: { type: 'boolean' },
        webgpu: { type: 'boolean' },
        patience: { type: 'string' },
        python: { type: 'string' },
        json: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw new UsageError(`${(error as Error).message}\n\n${help}`);
  }
}

function list(values: readonly string[] | undefined): string[] {
  return (values ?? []).flatMap((value) => value.split(',')).filter((value) => value !== '');
}

function count(name: string, text: string | undefined, fallback: number): number {
  if (text === undefined) return fallback;
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${name} takes a whole number from 1, got "${text}".`);
  return value;
}
