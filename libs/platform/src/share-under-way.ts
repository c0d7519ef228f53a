/** Runs a work once for all who ask with its key while it is under way; all of them have its result, or what it throws. */
export function shareUnderWay<T>(): (key: string, work: () => Promise<T>) => Promise<T> {
  const underWay = new Map<string, Promise<T>>();
  return (key, work) => {
    let running = underWay.get(key);
    if (!running) {
      running = work().finally(() => underWay.delete(key));
      underWay.set(key, running);
    }
    return running;
  };
}
