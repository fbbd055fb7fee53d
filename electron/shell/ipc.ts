/** Calls and events between the desktop window and the host. */
import type { IpcMain, WebContents } from 'electron';
import type { Reply } from '../contract/calls.ts';
import type { Host } from '../host/host.ts';
import { callChannel, eventChannel } from './channels.ts';
import { isTrustedSender } from './security.ts';

const untrusted: Reply<never> = { ok: false, problem: { code: 'call.sender', message: 'This page may not call Layerbench.' } };

export function answerCalls(ipc: Pick<IpcMain, 'handle'>, router: Host['router']): void {
  ipc.handle(callChannel, (event, name: unknown, args: unknown) =>
    isTrustedSender(event.senderFrame) ? router.call(name, args) : untrusted,
  );
}

/** Returns how to stop. */
export function forwardEvents(host: Pick<Host, 'onAny'>, contents: Pick<WebContents, 'send' | 'isDestroyed'>): () => void {
  return host.onAny((name, value) => {
    if (!contents.isDestroyed()) contents.send(eventChannel, name, value);
  });
}
