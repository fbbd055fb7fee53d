/** Every task from data to learning: roles, programs, the same losses on every engine, a loss that falls. */
import { describe, expect, it } from 'vitest';
import type { Task } from '../data/dataSet.ts';
import { preparedRoles } from '../data/prepared.ts';
import { createReferenceEngine } from '../engines/reference/referenceEngine.ts';
import { tasks, taskNames, tasksFor } from '../tasks/index.ts';
import { prepareData } from '../tasks/prepareData.ts';
import { rolesOf } from '../tasks/roles.ts';
import { enginesUnderTest } from '../testing/checkOp.ts';
import { expectClose } from '../testing/compare.ts';
import { openTestSession, trainSteps } from '../testing/sessions.ts';
import { taskCase } from '../testing/taskCases.ts';
import { lossPathTolerances, pathTolerance } from '../testing/tolerances.ts';
import { train } from '../train/trainer.ts';
import type { Engine } from '../engines/engine.ts';

const platform = { now: () => performance.now(), poll: async () => undefined, wait: async () => undefined };

async function losses(engine: Engine, task: Task, steps: number): Promise<number[]> {
  const { dataSet, document, config } = taskCase(task);
  const data = prepareData(dataSet, config);
  const lowered = await openTestSession(engine, document, data, config);
  const { batchSize } = lowered.programs.train;
  const { train: rows } = data.parts;
  const batches = Array.from({ length: steps }, (_, i) =>
    Int32Array.from({ length: batchSize }, (_value, k) => rows[(i * batchSize + k) % rows.length]!),
  );
  const done = await trainSteps(engine, lowered, batches, 0.02);
  await engine.dispose();
  return done;
}

describe.each(taskNames)('%s', (task) => {
  it('offers the roles that it prepares, and fits its data', () => {
    const { dataSet, config } = taskCase(task);
    const prepared = prepareData(dataSet, config);
    expect(rolesOf(dataSet.info, config).map(({ name, kind, shape }) => ({ name, kind, shape }))).toEqual(
      preparedRoles(prepared).map(({ name, kind, shape }) => ({ name, kind, shape })),
    );
    const target = dataSet.info.columns.find(({ name }) => name === config.preparation.target);
    expect(tasksFor(dataSet.info, target)).toContain(task);
    expect(prepared.parts.train.length).toBeGreaterThan(0);
  });

  it('has the same losses on every engine', async () => {
    const expected = await losses(createReferenceEngine(), task, 4);
    expect(expected.every((loss) => Number.isFinite(loss))).toBe(true);
    for (const create of enginesUnderTest) {
      const engine = create();
      const { kind } = engine.info;
      expectClose(await losses(engine, task, 4), expected, lossPathTolerances[pathTolerance(kind)], { what: `${task} on ${kind}` });
    }
  });

  it('learns, scores every part and says so', async () => {
    const { dataSet, document, config } = taskCase(task);
    const data = prepareData(dataSet, config);
    const engine = createReferenceEngine();
    const seen: number[] = [];
    let finished: { loss: number } | undefined;
    for await (const event of train({ config, document, data, engine, platform, commands: { next: () => undefined } })) {
      if (event.type === 'record' && event.metrics['train/loss'] !== undefined) seen.push(event.metrics['train/loss']);
      if (event.type === 'finished') finished = event.validation ?? event.train;
    }
    await engine.dispose();
    expect(finished?.loss).toBeTypeOf('number');
    // Adversaries take turns; every other loss falls.
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    const third = Math.floor(seen.length / 3);
    if (tasks[task].answer !== 'verdicts') expect(mean(seen.slice(-third))).toBeLessThan(mean(seen.slice(0, third)));
  });
});
