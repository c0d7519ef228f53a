import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * A function that collects the garbage of the whole heap at once, if the heap is as large as `heapFrom` bytes. That holds the event
 * loop for some dozen milliseconds, several times as long on a busy machine; V8's own collections, which `limitHeapGrowth` has made often,
 * do most of their work beside the program and hold it for a few. So only a heap that large requests fill faster is collected at once.
 *
 * V8 gives programs this function only when it was started with a flag, or in a context made after the flag was set.
 */
export function createGarbageCollector(heapFrom: number): () => void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  setFlagsFromString('--no-expose-gc');
  return () => {
    const { used_heap_size: heap, external_memory: outside } = getHeapStatistics();
    if (heap + outside >= heapFrom) collect();
  };
}
