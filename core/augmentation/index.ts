/** Every augmentation, by its name in a run config, in the order they are applied. Adding one: its file and a line here. */
import type { DataRole, Task } from '../data/dataSet.ts';
import type { Builder, Value } from '../program/builder.ts';
import type { Problem } from '../problem.ts';
import { brightness } from './brightness.ts';
import { contrast } from './contrast.ts';
import { crop } from './crop.ts';
import { cutOut } from './cutOut.ts';
import { inputKind, type AugmentationDefinition } from './defineAugmentation.ts';
import { horizontalFlip } from './horizontalFlip.ts';
import { mask } from './mask.ts';
import { mixUp } from './mixUp.ts';
import { noise } from './noise.ts';
import { rotate } from './rotate.ts';
import { shift } from './shift.ts';
import { timeShift } from './timeShift.ts';

export const augmentations = {
  horizontalFlip,
  rotate,
  shift,
  crop,
  brightness,
  contrast,
  timeShift,
  noise,
  mask,
  cutOut,
  mixUp,
} as const;

export type AugmentationName = keyof typeof augmentations;

/** Strengths of those that are on. */
export type AugmentationConfig = { readonly [K in AugmentationName]?: number };

type Entry = readonly [AugmentationName, AugmentationDefinition];
const entries = Object.entries(augmentations) as unknown as readonly Entry[];

/** How each is entered, for forms and checks. */
export const augmentationSpecs = Object.fromEntries(entries.map(([name, { param }]) => [name, param])) as {
  readonly [K in AugmentationName]: AugmentationDefinition['param'];
};

/** Those that fit the inputs and the task. */
export function augmentationsFor(roles: readonly DataRole[], task: Task): AugmentationName[] {
  const kinds = kindsOf(roles);
  return entries.filter(([, { inputs, tasks }]) => tasks.includes(task) && inputs.some((kind) => kinds.has(kind))).map(([name]) => name);
}

function kindsOf(roles: readonly DataRole[]): ReadonlySet<unknown> {
  return new Set(roles.filter(({ kind }) => kind === 'input').map(({ shape }) => inputKind(shape)));
}

/** What keeps a config's augmentation from being used. */
export function checkAugmentation(config: AugmentationConfig, roles: readonly DataRole[], task: Task): Problem[] {
  const offered = augmentationsFor(roles, task);
  return entries.flatMap(([name, { param, inputs, tasks, refuses }]): Problem[] => {
    const strength = config[name] ?? 0;
    if (strength === 0) return [];
    const path = `augmentation.${name}`;
    const common = { code: 'augmentation.unfit', where: { kind: 'config', path } as const, hint: 'Set it to 0.' };
    const fixes = [{ kind: 'setConfig' as const, label: `Turn ${param.label.toLowerCase()} off`, path, value: 0 }];
    if (!offered.includes(name)) {
      const wanted = tasks.includes(task) ? `inputs of the kind ${inputs.join(' or ')}` : `one of the tasks ${tasks.join(', ')}`;
      const got = tasks.includes(task)
        ? roles
            .filter(({ kind }) => kind === 'input')
            .map((role) => role.name)
            .join(', ')
        : task;
      return [{ ...common, message: `${param.label} of ${strength} does not fit: it needs ${wanted}, got ${got}.`, fixes }];
    }
    const fitting = roles.filter(({ kind, shape }) => kind === 'input' && inputs.some((wanted) => wanted === inputKind(shape)));
    const reason = fitting
      .map(({ shape }) =>
        refuses?.(
          shape.slice(1).map(({ size }) => size ?? 1),
          strength,
        ),
      )
      .find((text) => text !== undefined);
    return reason === undefined ? [] : [{ ...common, message: `${param.label}: ${reason}.`, hint: 'Choose a smaller number.', fixes }];
  });
}

/** A training batch of one input, changed by all that fit it but mix-up. */
export function augment(
  b: Builder,
  x: Value,
  config: AugmentationConfig,
  { role, affine }: { readonly role: DataRole; readonly affine?: { readonly multiply: number; readonly add: number } },
): Value {
  const own = inputKind(role.shape);
  if (own === undefined || x.dtype !== 'f32') return x;
  const { multiply, add } = affine ?? { multiply: 1 / 255, add: 0 };
  const [black, white] = [add, add + 255 * multiply];
  return entries.reduce((value, [name, definition]) => {
    const strength = config[name] ?? 0;
    if (strength === 0 || !definition.inputs.includes(own) || definition.augment === undefined) return value;
    return definition.augment({ b, x: value, strength, black, white });
  }, x);
}
