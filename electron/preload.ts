/** The only thing the page sees of the desktop shell: `window.layerbench`, the bridge of the contract. */
import { contextBridge, ipcRenderer } from 'electron';
import type { IpcRendererEvent } from 'electron';
import type { Bridge } from './contract/calls.ts';
import { callChannel, eventChannel } from './shell/channels.ts';

const bridge: Bridge = {
  call: (name, args) => ipcRenderer.invoke(callChannel, name, args),
  on(name, listener) {
    const receive = (_event: IpcRendererEvent, received: string, value: unknown): void => {
      if (received === name) listener(value as Parameters<typeof listener>[0]);
    };
    ipcRenderer.on(eventChannel, receive);
    return () => void ipcRenderer.off(eventChannel, receive);
  },
  onConnection(listener) {
    listener(true);
    return () => undefined;
  },
};

contextBridge.exposeInMainWorld('layerbench', bridge);
