import { monitorEventLoopDelay } from 'node:perf_hooks';

const SAMPLE_MS = 500;
const RESOLUTION_MS = 10;
/** Half of the last sample's turns were later than that: whoever asks now would wait for everybody before. */
const LATE_MS = 100;

export type Pressure = {
  /** Lets a request in, and answers what to call when it has been answered; null: there is no room for it. */
  enter(): (() => void) | null;
  stop(): void;
};

/** Lets in what this process can answer in time: so many requests at once, and none while its event loop is late. */
export function newPressure(most_at_once: number): Pressure {
  const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
  let isLate = false;
  let inside = 0;
  delay.enable();
  const timer = setInterval(() => {
    isLate = delay.percentile(50) / 1e6 - RESOLUTION_MS > LATE_MS;
    delay.reset();
  }, SAMPLE_MS);
  timer.unref();

  return {
    enter() {
      if (isLate || inside >= most_at_once) return null;
      inside += 1;
      return () => {
        inside -= 1;
      };
    },
    stop() {
      clearInterval(timer);
      delay.disable();
    },
  };
}
