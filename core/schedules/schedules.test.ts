import { describe, expect, it } from 'vitest';
import { expectClose } from '../testing/compare.ts';
import { torchTolerance } from '../testing/tolerances.ts';
import { readFixture } from '../testing/torchFixture.ts';
import {
  defaultSchedule,
  scheduleAfter,
  scheduleFactor,
  scheduleNames,
  schedules,
  type PlateauState,
  type ScheduleConfig,
} from './index.ts';
import { parseMilestones } from './multiStep.ts';

interface Fixtures {
  cases: Record<string, { config: ScheduleConfig; factors: number[] }>;
  plateaus: Record<string, { config: Extract<ScheduleConfig, { kind: 'plateau' }>; losses: number[]; factors: number[] }>;
}

const { cases, plateaus } = readFixture<Fixtures>('../schedules/fixtures/torch.json');
const whole = (given: ScheduleConfig): ScheduleConfig => ({ ...defaultSchedule(given.kind), ...given });
const at = (step: number) => ({ step, stepsPerEpoch: 10, totalSteps: 100 });

it('has a fixture of every schedule', () => {
  const kinds = [...Object.values(cases), ...Object.values(plateaus)].map(({ config }) => config.kind);
  expect(new Set(kinds)).toEqual(new Set(scheduleNames));
});

it.each(Object.entries(cases))("%s: 100 steps equal PyTorch's", (name, { config, factors }) => {
  const got = factors.map((_, step) => scheduleFactor(whole(config), at(step)));
  expectClose(got, factors, torchTolerance, { what: name });
});

it.each(Object.entries(plateaus))("%s: 100 epochs equal PyTorch's", (name, { config, losses, factors }) => {
  let state: PlateauState | undefined;
  const got = losses.map((loss) => {
    // As through a checkpoint.
    state = JSON.parse(JSON.stringify(scheduleAfter(whole(config), state, loss))) as PlateauState;
    return scheduleFactor(whole(config), at(50), state);
  });
  expectClose(got, factors, torchTolerance, { what: name });
});

describe.each(scheduleNames)('%s', (kind) => {
  it('stays between 0 and 1 from the first step to beyond the last', () => {
    for (const [stepsPerEpoch, totalSteps] of [
      [1, 1],
      [3, 7],
      [10, 100],
    ] as const) {
      for (let step = 0; step <= totalSteps; step++) {
        const factor = scheduleFactor(defaultSchedule(kind), { step, stepsPerEpoch, totalSteps });
        expect(factor).toBeGreaterThanOrEqual(0);
        expect(factor).toBeLessThanOrEqual(1 + 1e-12);
      }
    }
  });

  it('names its source', () => expect(schedules[kind].source).toMatch(/\d{4}/));
});

it('only a plateau remembers', () => {
  expect(scheduleAfter(defaultSchedule('cosine'), undefined, 1)).toBeUndefined();
});

it('a warm-up longer than the training never ends', () => {
  const config = { ...defaultSchedule('cosine'), warmUp: 50, warmUpStart: 0 };
  expect(scheduleFactor(config, at(99))).toBeCloseTo(0.99, 12);
});

it.each(['x', '1, -2', '0'])('refuses the milestones %j', (text) => expect(() => parseMilestones(text)).toThrow('numbers above 0'));
