/**
 * Our side of a comparison: one workload on one engine, driven as the trainer drives it (chunks of steps, rows and
 * scalars per step, statistics read after each chunk). Arguments: workload or matmul-<size>, engine kind, threads.
 * Protocol: see ../contender.ts.
 */
import readline from 'node:readline';
import { GCProfiler } from 'node:v8';
import { isEngineKind, openMatmul } from './matmul.ts';
import { openTraining } from './training.ts';
import type { EngineBench } from './training.ts';
import { createEngine } from '../../../electron/trainer/createEngine.ts';
import { ProblemError } from '../../../core/problem.ts';
import { findWorkload } from '../workloads.ts';

/** `collect`: count the garbage collections while one call of the engine runs the steps. `profile`: the time of each kernel. */
interface Request {
  readonly steps: number;
  readonly collect?: boolean;
  readonly profile?: boolean;
}

const write = (answer: object): void => void process.stdout.write(`${JSON.stringify(answer)}\n`);

async function main(): Promise<void> {
  const [workloadId = '', kind = '', threads = '1'] = process.argv.slice(2);
  if (!isEngineKind(kind)) throw new Error(`no engine is called "${kind}"`);
  const startMs = performance.now();
  const engine = createEngine({ kind, threads: Number(threads) });
  const workload = findWorkload(workloadId);
  const matmulSize = /^matmul-(\d+)$/.exec(workloadId)?.[1];
  const bench =
    workload === undefined && matmulSize !== undefined
      ? await openMatmul(engine, Number(matmulSize))
      : await openTraining(engine, workload!);
  await bench.run(1);
  const firstStepMs = performance.now() - startMs;
  write({ ready: `Layerbench, ${engine.info.label}`, firstStepMs, flops: bench.flops });

  for await (const line of readline.createInterface({ input: process.stdin })) {
    const { steps, collect = false, profile = false } = JSON.parse(line) as Request;
    if (collect) write({ collections: await countCollections(bench, steps) });
    else if (profile) write({ kernels: (await bench.profile?.(steps)) ?? [] });
    else write(await bench.run(steps));
  }
  await engine.dispose();
}

/** Young and old collections of this thread's heap, from just before to just after the call. */
async function countCollections(bench: EngineBench, steps: number): Promise<number> {
  if (bench.prepareOneRun === undefined) throw new Error('only trainings count their garbage');
  const run = await bench.prepareOneRun(steps);
  const profiler = new GCProfiler();
  profiler.start();
  await run();
  return profiler.stop().statistics.length;
}

try {
  await main();
} catch (error) {
  const firstLines = String((error as Error).stack ?? error)
    .split('\n', 2)
    .join(' ');
  write({ refused: error instanceof ProblemError ? error.problem.message : firstLines });
}
process.exit();
