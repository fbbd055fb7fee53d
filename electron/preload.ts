/** The only thing the page sees of the desktop shell: `window.layerbench`, the bridge of the contract. */
import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import type { Bridge } from './contract/calls.ts';
import type { callChannel, eventChannel, gpuChannel } from './shell/channels.ts';

// A sandboxed script can load no other file; the types keep these equal to the shell's.
const calls: typeof callChannel = 'layerbench:call';
const events: typeof eventChannel = 'layerbench:event';
const gpu: typeof gpuChannel = 'layerbench:gpu';

const bridge: Bridge = {
  call: (name, args) => ipcRenderer.invoke(calls, name, args),
  on(name, listener) {
    const receive = (_event: IpcRendererEvent, received: string, value: unknown): void => {
      if (received === name) listener(value as Parameters<typeof listener>[0]);
    };
    ipcRenderer.on(events, receive);
    return () => void ipcRenderer.off(events, receive);
  },
  onConnection(listener) {
    listener(true);
    return () => undefined;
  },
  requestGpuPort: () => ipcRenderer.send(gpu),
};

// A port cannot go through the bridge: the page gets it in a message from itself.
// eslint-disable-next-line no-restricted-syntax -- the port itself is handed over, no buffer
ipcRenderer.on(gpu, ({ ports }) => window.postMessage(gpu, location.origin, [...ports]));

contextBridge.exposeInMainWorld('layerbench', bridge);
