import { expect, it } from 'vitest';
import { DrawnViews, loadView, numbersId } from './drawnViews.svelte.ts';
import type { LayerView } from './index.ts';

const never = new Promise<never>(() => undefined);
const lateView = (id: string) => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const View = (() => ({})) as unknown as Awaited<ReturnType<LayerView['load']>>['default'];
  const view: LayerView = { id, title: id, fits: () => true, load: () => promise.then(() => ({ default: View })) };
  return { view, arrive: async () => (resolve(), await promise, await Promise.resolve()) };
};
const idsOf = (drawn: readonly { id: string }[]) => drawn.map(({ id }) => id);

it('keeps the views shown last, and never one that came when its moment was over', async () => {
  const views = new DrawnViews();
  const late = lateView('late');
  const machine = {};
  loadView(late.view);
  expect(idsOf(views.showing(late.view, machine))).toEqual([]);
  expect(idsOf(views.showing(undefined, machine))).toEqual([numbersId]);
  await late.arrive();
  expect(idsOf(views.showing(undefined, machine))).toEqual([numbersId]);
  expect(idsOf(views.showing(late.view, machine))).toEqual(['late', numbersId]);
  expect(idsOf(views.showing(undefined, machine))).toEqual(['late', numbersId]);
});

it('drops what another machine has shown, and keeps few', async () => {
  const views = new DrawnViews();
  const all = ['a', 'b', 'c'].map(lateView);
  for (const { view, arrive } of all) {
    loadView(view);
    await arrive();
    views.showing(view, 1);
  }
  expect(idsOf(views.showing(undefined, 1))).toEqual(['b', 'c', numbersId]);
  expect(idsOf(views.showing(undefined, 2))).toEqual([numbersId]);
  expect(idsOf(views.showing({ id: 'd', title: 'd', fits: () => true, load: () => never }, 2))).toEqual([numbersId]);
});
