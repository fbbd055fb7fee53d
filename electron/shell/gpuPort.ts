/**
 * The desktop window's way to the host for its graphics worker: the page asks, and gets one end of a channel whose other
 * end the host serves. A page that is loaded again asks again; its old channel closes with it.
 */
import type { IpcMain, MessageChannelMain, MessagePortMain } from 'electron';
import { createMessagePortPort } from '../../core/engines/remote/transports.ts';
import type { MessagePortLike } from '../../core/engines/remote/transports.ts';
import { windowGone } from '../host/gpuHub.ts';
import type { Host } from '../host/host.ts';
import { gpuChannel } from './channels.ts';
import { isTrustedSender } from './security.ts';

/** @param createChannel makes Electron's `MessageChannelMain` */
export function serveGpuPorts(
  ipc: Pick<IpcMain, 'on'>,
  host: Pick<Host, 'gpu'>,
  createChannel: () => Pick<MessageChannelMain, 'port1' | 'port2'>,
): void {
  ipc.on(gpuChannel, ({ senderFrame }) => {
    if (senderFrame === null || !isTrustedSender(senderFrame)) return;
    const { port1, port2 } = createChannel();
    host.gpu.accept(createMessagePortPort(portLike(port2), windowGone));
    // eslint-disable-next-line no-restricted-syntax -- the port itself is handed over, no buffer
    senderFrame.postMessage(gpuChannel, null, [port1]);
  });
}

/** The main process's ports speak of the same things in Node's words. */
function portLike(port: MessagePortMain): MessagePortLike {
  return {
    postMessage: (message) => port.postMessage(message),
    start: () => port.start(),
    close: () => port.close(),
    addEventListener: (type, listener) => {
      if (type === 'message') port.on('message', listener);
      else port.on('close', () => listener({}));
    },
  };
}
