/**
 * The image's health check: asks the operations port of whichever role runs in this container whether it can serve, and ends with 0
 * when it says so.
 */
const { OPERATIONS_HOST: given = '' } = process.env;
const host = ['', '0.0.0.0', '::'].includes(given) ? '127.0.0.1' : given.includes(':') ? `[${given}]` : given;
const ports = process.env.OPERATIONS_PORT ? [process.env.OPERATIONS_PORT] : [9464, 9465];
const answers = await Promise.all(
  ports.map((port) =>
    fetch(`http://${host}:${port}/readyz`, { signal: AbortSignal.timeout(4_000) }).then(
      (answer) => answer.ok,
      () => false,
    ),
  ),
);
process.exitCode = answers.includes(true) ? 0 : 1;
