/** Names of the two IPC channels, shared with the preload script. */
export const callChannel = 'layerbench:call';
export const eventChannel = 'layerbench:event';
