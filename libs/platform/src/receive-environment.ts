/** Set for a process that gets its environment from its parent, over the IPC channel, when that is ready to give it. */
export const ENVIRONMENT_BY_IPC = 'ROLLCALL_ENVIRONMENT_BY_IPC';

/** What the parent sends. */
export interface EnvironmentMessage {
  environment: NodeJS.ProcessEnv;
}

/**
 * The environment to run with: `process.env`, or what the parent sends. A program that waits here has been loaded meanwhile,
 * beside its parent's own work, and its secrets do not stand in the process table. Exits when the parent goes away first.
 */
export async function receiveEnvironment(): Promise<NodeJS.ProcessEnv> {
  if (process.env[ENVIRONMENT_BY_IPC] !== '1' || !process.send) return process.env;
  return new Promise((resolve) => {
    const leave = () => process.exit(0);
    process.once('disconnect', leave);
    process.once('message', (message: EnvironmentMessage) => {
      process.off('disconnect', leave);
      resolve({ ...process.env, ...message.environment });
    });
  });
}
