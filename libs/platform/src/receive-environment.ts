/** Set for a process that gets its environment from its parent, over the IPC channel, when that is ready to give it. */
export const ENVIRONMENT_BY_IPC = 'ROLLCALL_ENVIRONMENT_BY_IPC';

/** What the parent sends. */
export interface EnvironmentMessage {
  environment: NodeJS.ProcessEnv;
}

/** Whether a supervisor started this process: it gives the environment, and asks how the process is. */
export function isSupervised(): boolean {
  return process.env[ENVIRONMENT_BY_IPC] === '1' && process.send !== undefined;
}

/**
 * The environment to run with: `process.env`, or what the parent sends. A program that waits here has been loaded meanwhile,
 * beside its parent's own work, and its secrets do not stand in the process table. Exits when the parent goes away first.
 */
export async function receiveEnvironment(): Promise<NodeJS.ProcessEnv> {
  if (!isSupervised()) return process.env;
  return new Promise((resolve) => {
    const leave = () => process.exit(0);
    process.once('disconnect', leave);
    // Our parent may ask how we are before it has an environment for us.
    const hear = (message: Partial<EnvironmentMessage>): void => {
      if (!message.environment) return;
      process.off('disconnect', leave).off('message', hear);
      resolve({ ...process.env, ...message.environment });
    };
    process.on('message', hear);
  });
}
