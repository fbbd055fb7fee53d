/** Names of the IPC channels, shared with the preload script. */
export const callChannel = 'layerbench:call';
export const eventChannel = 'layerbench:event';
/** A page asks for a port to the host, and the host answers with one. */
export const gpuChannel = 'layerbench:gpu';
