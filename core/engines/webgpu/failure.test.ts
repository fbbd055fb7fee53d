import { expect, it } from 'vitest';
import { guardDevice } from './failure.ts';

/** The parts of a device that fail. */
function failingDevice() {
  const device = new EventTarget() as unknown as GPUDevice;
  const { promise: lost, resolve: lose } = Promise.withResolvers<string>();
  const error = (message: string) => device.dispatchEvent(Object.assign(new Event('uncapturederror'), { error: { message } }) as never);
  return { device, lost, lose, error };
}

const sentence = (reason: string) => `The WebGPU engine stopped: ${reason}. Training goes on from its last checkpoint with another engine.`;

it('ends what waits, and all that comes later, when the device is lost', async () => {
  const { device, lost, lose } = failingDevice();
  const guard = guardDevice(device, lost);
  await expect(guard.wait(Promise.resolve(5))).resolves.toBe(5);
  const waiting = guard.wait(new Promise(() => undefined));
  lose('the graphics adapter was given back');
  const expected = { problem: { code: 'engine.lost' }, message: sentence('the graphics adapter was given back') };
  await expect(waiting).rejects.toMatchObject(expected);
  await expect(guard.wait(Promise.resolve(5))).rejects.toMatchObject(expected);
  expect(() => guard.check()).toThrow(expected.message);
});

it('says the first line of an error nobody caught', async () => {
  const { device, lost, error } = failingDevice();
  const guard = guardDevice(device, lost);
  const waiting = guard.wait(new Promise(() => undefined));
  error('out of memory\n - While calling submit');
  await expect(waiting).rejects.toThrow(sentence('the graphics driver reported an error (out of memory)'));
});

it('fails with the error of the wait itself, and hears nothing once closed', async () => {
  const { device, lost, error } = failingDevice();
  const guard = guardDevice(device, lost);
  await expect(guard.wait(Promise.reject(new Error('no')))).rejects.toThrow('no');
  const waiting = guard.wait(new Promise(() => undefined));
  guard.close();
  await expect(waiting).rejects.toThrow('disposed while a call waited');
  error('late');
  expect(() => guard.check()).not.toThrow();
});
