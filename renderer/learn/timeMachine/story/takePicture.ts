/** The moment that is shown, its numbers read from the machine, as a picture file. */
import type { TensorRef } from '../../../../core/explain/stages.ts';
import { call } from '../../../client.ts';
import { formatCount, formatNumber } from '../../../ui/format.ts';
import { saveFile } from '../../../use/files/saveFile.ts';
import type { TimeMachine } from '../machine.svelte.ts';
import { machineText } from '../machineText.ts';
import type { Moment } from '../moments.ts';
import { indexText } from '../tensorPlane.ts';
import { drawPicture, type PictureColours } from './picture.ts';
import { storyText } from './storyText.ts';

interface Wanted {
  readonly title: string;
  readonly shape: readonly number[];
  readonly id: number;
}

/** What a moment shows, as panels. */
export function wantedOf({ shown, parameter }: Moment): Wanted[] {
  const name = (ref: TensorRef) => machineText.nameOf(ref.name, ref.step);
  if (parameter !== undefined) {
    const { name: own, shape, value, gradient, after } = parameter;
    const title = machineText.nameOf(own);
    return [
      { title, shape, id: value },
      { title: machineText.gradientOf(title), shape, id: gradient },
      { title: machineText.after, shape, id: after },
    ];
  }
  return shown.map(({ ref, as }) =>
    as === 'value'
      ? { title: name(ref), shape: ref.shape, id: ref.id }
      : { title: machineText.gradientOf(name(ref)), shape: ref.shape, id: ref.gradient! },
  );
}

export async function takePicture(machine: TimeMachine, source: string): Promise<string> {
  const { view, moment, state, explained } = machine;
  if (view === null || moment === undefined || state === null) throw new Error('There is no moment to draw.');
  const wanted = wantedOf(moment);
  const numbers = wanted.length === 0 ? [] : await call('explain.read', { machine: view.machine, values: wanted.map(({ id }) => id) });
  const rule = machineText.rule(moment);
  const f = (number: number) => formatNumber(number, 5);
  const lines: string[] = [];
  if (explained !== null) {
    const named = machine.names.get(explained.value);
    const shape = machine.refs.get(explained.value)?.shape ?? [];
    const { derivation, composition } = explained;
    lines.push(
      `${storyText.chosen}: ${machineText.nameOf(named?.name ?? '', named?.step)} [${indexText(shape, explained.element)}] = ${f(composition.number)}`,
    );
    if (derivation !== undefined) lines.push(`${storyText.gradient} ${f(derivation.gradient)}`);
    for (const { local, incoming, product } of derivation?.terms.slice(0, 3) ?? []) {
      lines.push(`  ${f(local)} · ${f(incoming)} = ${f(product)}`);
    }
  }
  return drawPicture({
    title: machineText.title(moment),
    ...(rule === undefined ? {} : { rule }),
    notes: [source, storyText.row(view.rows[0] ?? 0), storyText.step(formatCount(state.step)), storyText.loss(formatNumber(state.loss, 5))],
    panels: wanted.map((own, i) => ({ title: own.title, shape: own.shape, numbers: numbers[i]! })),
    lines,
    colours: coloursNow(),
  });
}

function coloursNow(): PictureColours {
  const style = getComputedStyle(document.documentElement);
  const of = (name: string) => style.getPropertyValue(name).trim();
  return { paper: of('--panel'), ink: of('--text'), dim: of('--dim'), high: of('--s1'), low: of('--s2') };
}

export const saveSvg = (name: string, svg: string): void => saveFile(`${name}.svg`, new Blob([svg], { type: 'image/svg+xml' }));

/** Twice as fine as the drawing's own size. */
export async function savePng(name: string, svg: string): Promise<void> {
  const address = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: 2 * image.width, height: 2 * image.height });
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const png = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    if (png !== null) saveFile(`${name}.png`, png);
  } finally {
    URL.revokeObjectURL(address);
  }
}
