/** Runs one piece of work after the other, in the order of the calls. */
export type Exclusively = <T>(work: () => Promise<T>) => Promise<T>;

/** Makes a queue of its own. */
export function serial(): Exclusively {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = tail.then(work);
    // The caller gets the failure; the next in the queue only waits for the end.
    tail = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  };
}
