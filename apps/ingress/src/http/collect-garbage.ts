import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A function that collects the garbage of the whole heap at once, which takes some ten milliseconds. V8 by itself lets the
 * heap grow by several times a large request's size before it does. It gives programs this function only when it was
 * started with a flag, or in a context made after the flag was set.
 */
export function createGarbageCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return () => collect();
}
