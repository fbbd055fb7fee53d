/** The page on how networks grew: what stands there is what the core counts. */
import { hoffmannLoss, kaplanLoss } from '../core/scale/scalingLaws.ts';
import { memoryOf } from '../core/scale/memory.ts';
import { scalePoints } from '../core/scale/scaleModels.ts';
import { expect, test } from './harness/app.ts';
import { goTo } from './harness/places.ts';
import { numberOf } from './harness/timeMachine.ts';
import { violations } from './harness/violations.ts';

test('networks from LeNet-5 to Llama 3 on one axis, with memory, time and the scaling laws', async ({ app }) => {
  const { page } = app;
  await goTo(page, 'Learn');
  await page.getByRole('button', { name: /^Scale/ }).click();
  const row = (id: string) => page.locator(`tr[data-model="${id}"]`);
  await expect(row('lenet-5')).toBeVisible();

  for (const { id, parameters, training } of scalePoints()) {
    expect(await numberOf(row(id).locator('[data-role="parameters"]'))).toBe(parameters);
    expect(await numberOf(row(id).locator('[data-role="memory"]'))).toBe(memoryOf(parameters, 'mixed', 'adamw').training);
    if (training !== undefined) expect(await numberOf(row(id).locator('[data-role="training"]'))).toBe(training);
    else await expect(row(id).locator('[data-role="training"]')).toHaveText('–');
  }
  await expect(row('gpt-4')).toContainText('estimate');
  expect(await violations(page)).toEqual([]);

  await test.step('more of a faster device take less time, and another optimizer less memory', async () => {
    const time = await numberOf(row('gpt-3').locator('[data-role="time"]'));
    await page.getByLabel('How many').fill('1000');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await numberOf(row('gpt-3').locator('[data-role="time"]'))) / time).toBeCloseTo(0.001, 9);
    await page.getByLabel('Optimizer').selectOption('Lion');
    const { training } = memoryOf(scalePoints().find(({ id }) => id === 'gpt-3')!.parameters, 'mixed', 'lion');
    await expect(row('gpt-3').locator('[data-role="memory"]')).toHaveAttribute('data-number', String(training));
  });

  await test.step('a network is chosen on the plot, and says where its figures come from', async () => {
    await page.locator('.plot [data-model="llama-3-70b"]').click();
    await expect(page.getByText('model card of Llama 3')).toBeVisible();
    const { parameters } = scalePoints().find(({ id }) => id === 'llama-3-70b')!;
    expect(await numberOf(page.locator('[data-role="hoffmann"]'))).toBeCloseTo(hoffmannLoss(parameters, 15e12), 9);
    expect(await numberOf(page.locator('[data-role="kaplan"]'))).toBeCloseTo(kaplanLoss(parameters, 15e12), 9);
  });

  await test.step('this machine is measured, and remembered', async () => {
    await page.getByLabel('Hardware').selectOption('this machine');
    await expect(row('lenet-5').locator('[data-role="time"]')).toHaveText('–');
    await page.getByRole('button', { name: 'Measure this machine' }).click();
    const machine = page.locator('[data-role="machine"]');
    await expect(machine).toHaveAttribute('data-number', /\d/, { timeout: 60_000 });
    const speed = await numberOf(machine);
    expect(speed).toBeGreaterThan(1e8);
    const { training } = scalePoints().find(({ id }) => id === 'lenet-5')!;
    expect((await numberOf(row('lenet-5').locator('[data-role="time"]'))) * speed).toBeCloseTo(training!, -6);
    await page.waitForTimeout(600);
    await page.reload();
    await goTo(page, 'Learn');
    await page.getByRole('button', { name: /^Scale/ }).click();
    await expect(machine).toHaveAttribute('data-number', String(speed));
  });

  await test.step('a network opens on the canvas', async () => {
    await row('vgg-16').getByRole('button').click();
    await page.getByRole('button', { name: 'Open on the canvas' }).click();
    await expect(page.getByRole('tab', { name: /VGG-16/ })).toBeVisible();
  });
});
