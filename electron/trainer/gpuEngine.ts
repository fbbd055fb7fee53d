/** The engine that computes on a graphics card, reached through the port that came with the job. */
import { availableParallelism } from 'node:os';
import type { MessagePort } from 'node:worker_threads';
import type { Engine } from '../../core/engines/engine.ts';
import { gpuEngineInfo, readOffer } from '../../core/engines/remote/handshake.ts';
import { engineLost } from '../../core/engines/remote/port.ts';
import { createRemoteEngine } from '../../core/engines/remote/remoteEngine.ts';
import { createMessagePortPort } from '../../core/engines/remote/transports.ts';
import { ProblemError } from '../../core/problem.ts';
import type { EngineWithFallback } from '../../core/train/fallback.ts';
import { createEngine } from './createEngine.ts';

/** The one behind the port, and the fastest of this process with all its cores for when that is lost. */
export function enginesFor(lane: MessagePort): EngineWithFallback {
  return {
    open: () => openGpuEngine(lane),
    fallBack: () => createEngine({ kind: 'auto', threads: availableParallelism() }),
  };
}

/** Waits for the host to name the adapter. @throws ProblemError when there is none */
export function openGpuEngine(lane: MessagePort): Promise<Engine> {
  const port = createMessagePortPort(lane, 'Layerbench ended.');
  return new Promise((resolve, reject) => {
    port.onClose((reason) => reject(new ProblemError(engineLost(reason))));
    port.onMessage((message) => {
      const offer = readOffer(message);
      if (offer !== null && 'adapter' in offer) resolve(createRemoteEngine(port, gpuEngineInfo(offer.adapter)));
      else port.close('The graphics engine could not be reached.');
    });
  });
}
