/** Every wait on the device ends: with its result, or with the sentence that says what became of the device. */
import { ProblemError, type Problem } from '../../problem.ts';

export interface FailureGuard {
  /** Settles as the promise does, or fails as soon as the device does. */
  wait<T>(promise: Promise<T>): Promise<T>;
  /** @throws ProblemError `engine.lost` once the device failed */
  check(): void;
  close(): void;
}

function lostProblem(reason: string): Problem {
  return {
    code: 'engine.lost',
    message: `The WebGPU engine stopped: ${reason}.`,
    hint: 'Training goes on from its last checkpoint with another engine.',
  };
}

/** @param lost why the device is gone, as `openDevice` says it */
export function guardDevice(device: GPUDevice, lost: Promise<string>): FailureGuard {
  let failure: Problem | undefined;
  let isClosed = false;
  // Not a race with `lost`: a promise keeps what waits for it as long as it lives, ten thousand steps' worth.
  const pending = new Set<(error: unknown) => void>();

  function fail(reason: string): void {
    if (isClosed) return;
    failure ??= lostProblem(reason);
    for (const reject of pending) reject(new ProblemError(failure));
    pending.clear();
  }
  const onError = ({ error }: GPUUncapturedErrorEvent) => fail(`the graphics driver reported an error (${error.message.split('\n')[0]})`);
  device.addEventListener('uncapturederror', onError);
  void lost.then(fail);

  return {
    wait: (promise) =>
      new Promise((resolve, reject) => {
        if (failure !== undefined) return reject(new ProblemError(failure));
        pending.add(reject);
        promise.then(
          (value) => {
            pending.delete(reject);
            resolve(value);
          },
          (error: unknown) => {
            // A map that ends because the device went away: `lost` says it better, and comes at once.
            if (!(error instanceof Error && error.name === 'AbortError')) {
              pending.delete(reject);
              reject(error);
            }
          },
        );
      }),
    check() {
      if (failure !== undefined) throw new ProblemError(failure);
    },
    close() {
      isClosed = true;
      device.removeEventListener('uncapturederror', onError);
      for (const reject of pending) reject(new Error('webgpu engine: it was disposed while a call waited'));
      pending.clear();
    },
  };
}
