/** The worker thread's side of `Platform`: its clock, its port, and the commands that came in through it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { receiveMessageOnPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { Platform } from '../../core/engines/platform.ts';
import type { CommandQueue } from '../../core/train/controls.ts';
import type { WorkerCommand } from './protocol.ts';

/**
 * The port is read synchronously: while promises resolve one after another, a thread never reaches its event loop,
 * so a posted message would never be delivered.
 * @param onPoll called with every poll, for what is due by time
 */
export function createWorkerPlatform(port: MessagePort, onPoll: () => void): { platform: Platform; commands: CommandQueue } {
  const queue: WorkerCommand[] = [];

  function drain(): void {
    for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port)) {
      queue.push((received as { message: WorkerCommand }).message);
    }
    onPoll();
  }

  return {
    platform: {
      now: () => performance.now(),
      poll: async () => drain(),
      wait: async (milliseconds) => {
        onPoll();
        await sleep(milliseconds);
        drain();
      },
    },
    commands: { next: () => queue.shift() },
  };
}
